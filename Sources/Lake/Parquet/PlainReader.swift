internal import Columnar
internal import LambdaRuntime

/// Makes one row of each record, and remembers which record each row was made of. A record whose folder would have a
/// name that no file system takes is bad.
struct PlainReader: RecordReader, ~Copyable {
    private var reader: RowReader
    private let origins: RowOrigins
    /// Places of the partition columns that hold text, with their names.
    private let texts: [(place: Int, name: String)]

    /// Bytes of a folder's name that every file system takes.
    private static let longestName = 255
    /// Bytes of all folders of a partition together, so that the whole fits S3's 1,024 with what stands before and after.
    private static let longestPath = 480

    /// - Parameters:
    ///   - columns: how records become rows.
    ///   - partition: names of the partition columns.
    init(_ columns: [ColumnDecoding], partition: [String], origins: RowOrigins) {
        texts = columns.enumerated().compactMap { place, column in
            partition.contains(column.field.name) && column.field.type == .string ? (place, column.field.name) : nil
        }
        reader = RowReader(columns)
        self.origins = origins
    }

    var fields: [Field] { reader.fields }
    var counts: ReaderCounts { reader.counts }
    var state: [String: String] { [:] }

    mutating func read(
        _ record: some SourceRecord, payload: Base64View, of shard: String, into batch: RecordBatch
    ) throws(RecordError) {
        let before = batch.count
        try reader.read(record, payload: payload, of: shard, into: batch)
        for row in before..<batch.count {
            var total = 0
            for (place, name) in texts where !batch.columns[place].isNull(row) {
                // An escape takes three bytes.
                let most = batch.columns[place].withBytes(row) { $0.count * 3 } + name.utf8.count + 1
                let length =
                    most <= Self.longestName / 2
                    ? most : HiveFolder.name(name, batch.columns[place].string(row)).utf8.count
                total += length
                if length > Self.longestName || total > Self.longestPath {
                    batch.truncate(to: before)
                    throw RecordError(
                        .refused, field: name, at: 0,
                        "the value is too long to name a folder, which holds \(Self.longestName) bytes at most")
                }
            }
        }
        for _ in before..<batch.count { origins.append(record.offsetDigits, of: shard) }
    }
}

/// Which record each row of a batch was made of.
final class RowOrigins {
    /// The shards in the order of their rows, each with its first row.
    private(set) var shards: [(shard: String, firstRow: Int)] = []
    /// The shard sequence number of each row.
    private(set) var digits: [ByteView] = []

    func append(_ offset: ByteView, of shard: String) {
        if shards.last?.shard != shard { shards.append((shard, digits.count)) }
        digits.append(offset)
    }
}
