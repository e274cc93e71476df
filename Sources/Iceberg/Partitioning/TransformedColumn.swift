internal import Calendar
internal import Columnar

/// A column of a batch seen through a transform, for grouping and sorting many rows at once.
struct TransformedColumn {
    let column: Column
    let transform: Transform

    /// - Throws: ``IcebergError/Code/invalid`` if the batch lacks the column or the transform does not take it, and
    ///   ``IcebergError/Code/unsupported`` for an unknown transform.
    init(_ batch: RecordBatch, schema: Schema, sourceID: Int, transform: Transform) throws(IcebergError) {
        if case .unknown(let text) = transform {
            throw IcebergError(.unsupported, "the transform \(text) is not known")
        }
        guard let source = schema.field(id: sourceID) else {
            throw IcebergError(.invalid, "the column of field id \(sourceID) does not exist")
        }
        guard transform.resultType(of: source.type) != nil else {
            throw IcebergError(.invalid, "the transform \(transform) does not take it", at: source.name)
        }
        guard let index = batch.fields.firstIndex(where: { Int($0.id) == sourceID }),
            batch.fields[index].type == source.type.columnType
        else { throw IcebergError(.invalid, "the batch has no such column of its type", at: source.name) }
        column = batch.columns[index]
        self.transform = transform
    }

    /// The transformed value of one row.
    func datum(_ row: Int) throws(IcebergError) -> Datum? {
        try transform.apply(column.datum(row))
    }

    /// Whether all rows certainly have the same transformed value. Of numbers only the ends need a look, because
    /// these transforms keep their order.
    func isUniform() -> Bool {
        guard column.count > 1, transform != .void, column.nullCount < column.count else { return true }
        guard column.nullCount == 0 else { return false }
        switch column.type {
        case .int, .date: return column.withValues(as: Int32.self) { isUniform($0) }
        case .long, .timestamp, .timestamptz: return column.withValues(as: Int64.self) { isUniform($0) }
        case .boolean, .float, .double, .string, .binary: return false
        }
    }

    private func isUniform<Value: FixedWidthInteger & SignedInteger>(_ values: UnsafeBufferPointer<Value>) -> Bool {
        guard var least = values.first else { return true }
        var greatest = least
        for value in values {
            least = min(least, value)
            greatest = max(greatest, value)
        }
        if least == greatest { return true }
        if case .bucket = transform { return false }
        return key(least) == key(greatest)
    }

    /// The transformed value of a whole number.
    @inline(__always)
    private func key<Value: FixedWidthInteger & SignedInteger>(_ value: Value) -> Int64 {
        switch transform {
        case .bucket(let count): return Int64(Transform.bucket(Murmur3.hash(Int64(value)), count))
        case .truncate(let width): return Int64(Transform.truncate(value, Value(truncatingIfNeeded: width)))
        case .hour: return Transform.hour(Int64(value))
        case .day: return day(value)
        case .month: return CivilDate(daysSinceEpoch: day(value)).monthsSinceEpoch
        case .year: return CivilDate(daysSinceEpoch: day(value)).yearsSinceEpoch
        case .identity, .void, .unknown: return Int64(value)
        }
    }

    @inline(__always)
    private func day(_ value: some FixedWidthInteger) -> Int64 {
        column.type == .date ? Int64(value) : floorDivide(Int64(value), microsecondsPerDay)
    }

    /// One number a row that compares as the transformed values do; nil for text and bytes unless they are bucketed.
    /// A null's number means nothing.
    func orderedKeys() -> [UInt64]? {
        switch column.type {
        case .int, .date: return column.withValues(as: Int32.self) { $0.map { Self.ordered(key($0)) } }
        case .long, .timestamp, .timestamptz:
            return column.withValues(as: Int64.self) { $0.map { Self.ordered(key($0)) } }
        case .boolean: return (0..<column.count).map { column.boolean($0) ? 1 : 0 }
        case .float: return column.withValues(as: UInt32.self) { $0.map { Self.ordered(UInt64($0) << 32) } }
        case .double: return column.withValues(as: UInt64.self) { $0.map { Self.ordered($0) } }
        case .string, .binary:
            guard case .bucket(let count) = transform else { return nil }
            return (0..<column.count).map { row in
                column.withBytes(row) { UInt64(Transform.bucket(Murmur3.hash($0), count)) }
            }
        }
    }

    private static func ordered(_ value: Int64) -> UInt64 { UInt64(bitPattern: value) ^ 1 << 63 }

    /// A float's bits, so that −NaN < −∞ < −0 < +0 < ∞ < NaN.
    private static func ordered(_ bits: UInt64) -> UInt64 { bits >> 63 == 1 ? ~bits : bits | 1 << 63 }

    /// The transformed bytes of a row of text or bytes.
    @inline(__always)
    func withBytes<Result>(_ row: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        column.withBytes(row) { bytes in
            guard case .truncate(let width) = transform else { return body(bytes) }
            let length =
                column.type == .string
                ? Prefix.length(bytes, codePoints: Int(width)) : min(bytes.count, Int(width))
            return body(UnsafeRawBufferPointer(rebasing: bytes[..<length]))
        }
    }
}

extension Column {
    /// One value; nil if it is null.
    func datum(_ row: Int) -> Datum? {
        guard !isNull(row) else { return nil }
        switch type {
        case .boolean: return .boolean(boolean(row))
        case .int: return .int(value(row))
        case .long: return .long(value(row))
        case .float: return .float(value(row))
        case .double: return .double(value(row))
        case .date: return .date(value(row))
        case .timestamp: return .timestamp(value(row))
        case .timestamptz: return .timestamptz(value(row))
        case .string: return .string(string(row))
        case .binary: return .binary(withBytes(row) { Array($0) })
        }
    }
}
