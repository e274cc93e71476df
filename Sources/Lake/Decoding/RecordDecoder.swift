public import Columnar

/// Turns JSON records, plain or in base64, into rows of a batch.
///
/// A record is one JSON object in UTF-8 without a byte order mark. Its members may come in any order; of two with one
/// name the last holds, as for most readers. Members that no column has are checked, skipped and counted. A member that
/// is missing or null gives a null. ``ColumnDecoding`` says what each type accepts. A schema registry's frame before
/// the object is passed over.
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
    /// Whether each column is filled from a member of its own, as in nearly all tables.
    private let isPlain: Bool
    /// The place of each column's member among the scanner's slots; nil if no member fills the column.
    private let places: [Int?]
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
        var members: [String] = []
        places = columns.map { column in
            guard case .member(let name) = column.source else { return nil }
            if let place = members.firstIndex(of: name) { return place }
            members.append(name)
            return members.count - 1
        }
        plans = columns.map { Plan(type: $0.field.type, timeFormat: $0.timeFormat, isRequired: $0.field.isRequired) }
        isPlain = members.count == columns.count
        scanner = RecordScanner(members)
    }

    /// Appends the row of a record that is JSON text. A column that no member fills is null.
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
        try decodeRecord(of: NoOrigin(), into: batch)
    }

    /// Appends the row of a record that is JSON text in base64. A column that no member fills is null.
    /// - Throws: why it is none; the batch is then as it was.
    public mutating func decode(base64 text: RawSpan, into batch: RecordBatch) throws(RecordError) {
        try decode(base64: text, of: NoOrigin(), into: batch)
    }

    /// Appends the row of a record that is JSON text in base64.
    /// - Parameter origin: what fills the columns that no member fills.
    /// - Throws: why it is none; the batch is then as it was.
    mutating func decode(
        base64 text: RawSpan, of origin: some RecordOrigin, into batch: RecordBatch
    ) throws(RecordError) {
        try record.fill(base64: text)
        try decodeRecord(of: origin, into: batch)
    }

    @inline(__always)
    private mutating func decodeRecord(
        of origin: some RecordOrigin, into batch: RecordBatch
    ) throws(RecordError) {
        // No JSON starts with one of the bytes that a frame starts with; behind an empty record stands a zero.
        if isPlain, record.base.pointee > 3 { return try decodePlain(into: batch) }
        try decodeUnusual(of: origin, into: batch)
    }

    /// A record in a frame, an empty one, or one whose columns have other sources than members of their own.
    @inline(never)
    private mutating func decodeUnusual(of origin: some RecordOrigin, into batch: RecordBatch) throws(RecordError) {
        let frame = try SchemaRegistryFrame(of: record.bytes.bytes)
        if let frame { record.removeFirst(frame.length) }
        do throws(RecordError) {
            if isPlain { try decodePlain(into: batch) } else { try decodeMixed(of: origin, into: batch) }
        } catch {
            throw frame?.explain(error) ?? error
        }
    }

    /// Each column from a member of its own.
    private mutating func decodePlain(into batch: RecordBatch) throws(RecordError) {
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

    /// Columns of which several may be filled from one member, and some from none.
    @inline(never)
    private mutating func decodeMixed(of origin: some RecordOrigin, into batch: RecordBatch) throws(RecordError) {
        precondition(batch.columns.count == columns.count, "a batch of other columns than the decoder's")
        try scanner.scan(record)
        do throws(RecordError) {
            for index in plans.indices {
                if let place = places[index] {
                    try append(scanner.slots + place, index, to: ColumnReference(batch, index))
                } else {
                    try append(origin.value(of: columns[index].source), index, to: ColumnReference(batch, index))
                }
            }
        } catch {
            batch.abandonRow()
            throw error
        }
        batch.finishRow()
        unknownFieldCount += scanner.unknownFieldCount
    }
}
