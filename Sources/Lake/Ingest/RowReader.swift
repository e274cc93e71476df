internal import Columnar
internal import LambdaRuntime

/// Makes one row of each record.
struct RowReader: RecordReader, ~Copyable {
    let fields: [Field]
    private var decoder: RecordDecoder

    /// - Parameter columns: how records become rows of the table as it is now.
    init(_ columns: [ColumnDecoding]) {
        fields = columns.map(\.field)
        decoder = RecordDecoder(columns)
    }

    var counts: ReaderCounts { ReaderCounts(unknownFields: decoder.unknownFieldCount) }
    var state: [String: String] { [:] }

    mutating func read(
        _ record: some SourceRecord, payload: Base64View, of shard: String, into batch: RecordBatch
    ) throws(RecordError) {
        try payload.encoded.withUnsafeBytes { text throws(RecordError) in
            try decoder.decode(base64: text.bytes, of: record, into: batch)
        }
    }
}
