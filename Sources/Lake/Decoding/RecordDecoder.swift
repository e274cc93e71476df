public import Columnar
internal import JSON

/// Turns JSON records, plain or in base64, into rows of a batch.
///
/// A record is one JSON object in UTF-8 without a byte order mark. Its members may come in any order; of two with one
/// name the last holds, as for most readers. Members that no column has are checked, skipped and counted. A member that
/// is missing or null gives a null. ``ColumnDecoding`` says what each type accepts.
///
/// One thread at a time; it allocates only for the first and for longer records.
public struct RecordDecoder: ~Copyable {
    /// Members of the rows decoded so far that no column has.
    public private(set) var unknownFieldCount = 0

    let columns: [ColumnDecoding]
    /// What of ``columns`` a value needs, without anything that is counted by reference.
    let plans: [Plan]
    var record = RecordBuffer()
    /// A string without its escapes.
    var unescaped = RecordBuffer(capacity: 256)
    /// What stood in base64 in a string.
    var decoded = RecordBuffer(capacity: 256)
    private var scanner: RecordScanner

    /// One column's decoding.
    struct Plan {
        let type: ColumnType
        let timeFormat: TimeFormat
        let isRequired: Bool
    }

    /// A decoder of rows with these columns, which are the fields of every batch it fills, in this order.
    public init(_ columns: [ColumnDecoding]) {
        self.columns = columns
        plans = columns.map { Plan(type: $0.field.type, timeFormat: $0.timeFormat, isRequired: $0.field.isRequired) }
        scanner = RecordScanner(columns.map(\.field.name))
    }

    /// Appends the row of a record that is JSON text.
    /// - Throws: why it is none; the batch is then as it was.
    public mutating func decode(json: RawSpan, into batch: RecordBatch) throws(RecordError) {
        let count = json.byteCount
        record.prepare(count)
        json.withUnsafeBytes { bytes in
            if let source = bytes.baseAddress {
                UnsafeMutableRawPointer(record.base).copyMemory(from: source, byteCount: count)
            }
        }
        record.finish(count)
        try decodeRecord(into: batch)
    }

    /// Appends the row of a record that is JSON text in base64.
    /// - Throws: why it is none; the batch is then as it was.
    public mutating func decode(base64 text: RawSpan, into batch: RecordBatch) throws(RecordError) {
        record.prepare(Base64.maximumCount(text.byteCount))
        let target = record.base
        do throws(Base64Error) {
            record.finish(
                try text.withUnsafeBytes { (bytes) throws(Base64Error) in try Base64.decode(bytes, to: target) })
        } catch {
            throw RecordError(.badBase64, at: error.offset, error.reason)
        }
        try decodeRecord(into: batch)
    }

    private mutating func decodeRecord(into batch: RecordBatch) throws(RecordError) {
        precondition(batch.columns.count == columns.count, "a batch of other columns than the decoder's")
        try scanner.scan(record)
        do throws(RecordError) {
            for index in plans.indices {
                try append(scanner.slots + index, index, to: ColumnReference(batch, index))
            }
        } catch {
            batch.abandonRow()
            throw error
        }
        batch.finishRow()
        unknownFieldCount += scanner.unknownFieldCount
    }
}
