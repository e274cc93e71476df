internal import Columnar

/// One column's rows of the row group that is being filled, copied out of the batches: values without gaps for nulls,
/// as pages hold them.
///
/// A class, because a writer keeps one for each field and fills them in place; one thread may change it at a time.
final class ColumnBuffer {
    let type: ColumnType
    let isRequired: Bool
    let name: String
    /// Rows, nulls included.
    private(set) var rowCount = 0
    /// Rows that are not null.
    private(set) var valueCount = 0
    /// Values that are not null: fixed-width, a byte for a boolean, or the bytes of strings one after the other.
    private(set) var values = ByteBuffer(capacity: 4096)
    /// Where each string ends in ``values``, 64 bits each; empty for other types.
    private(set) var ends = ByteBuffer()
    /// A byte for each row, 1 unless it is null; empty while there is no null.
    private(set) var presence = ByteBuffer()

    init(_ field: Field) {
        type = field.type
        isRequired = field.isRequired
        name = field.name
    }

    /// Rows that are null.
    var nullCount: Int { rowCount - valueCount }

    /// Bytes of a value in ``values``; nil for strings.
    var valueWidth: Int? { type == .boolean ? 1 : type.byteWidth }

    /// Forgets all rows, keeping the memory.
    func removeAll() {
        rowCount = 0
        valueCount = 0
        values.removeAll()
        ends.removeAll()
        presence.removeAll()
    }

    /// Copies some of a column's rows.
    func append(_ column: Column, rows: Range<Int>) {
        let present = column.withValidity { appendPresence($0, rows: rows) }
        switch type {
        case .boolean: column.withBits { appendBits($0, rows: rows, present: present) }
        case .int, .float, .date:
            column.withValues(as: UInt32.self) { appendValues($0, rows: rows, present: present) }
        case .long, .double, .timestamp, .timestamptz:
            column.withValues(as: UInt64.self) { appendValues($0, rows: rows, present: present) }
        case .string, .binary:
            column.withOffsetsAndBytes { appendStrings($0, $1, rows: rows, present: present) }
        }
        rowCount += rows.count
        valueCount += present
    }

    /// - Returns: how many of the rows are not null.
    private func appendPresence(_ validity: UnsafeRawBufferPointer?, rows: Range<Int>) -> Int {
        guard let validity else {
            if presence.count > 0 { presence.append(repeating: 1, count: rows.count) }
            return rows.count
        }
        if presence.count == 0 { presence.append(repeating: 1, count: rowCount) }
        presence.reserve(rows.count)
        let end = presence.end.assumingMemoryBound(to: UInt8.self)
        var present = 0
        for (index, row) in rows.enumerated() {
            let bit = validity[row >> 3] &>> UInt8(truncatingIfNeeded: row & 7) & 1
            end[index] = bit
            present &+= Int(bit)
        }
        presence.commit(rows.count)
        return present
    }

    /// The presence of the rows that are being appended; nil if none of them is null.
    private func presence(of rows: Range<Int>, _ present: Int) -> UnsafePointer<UInt8>? {
        guard present < rows.count else { return nil }
        return presence.values(as: UInt8.self) + rowCount
    }

    private func appendBits(_ bits: UnsafeRawBufferPointer, rows: Range<Int>, present: Int) {
        let presence = presence(of: rows, present)
        values.reserve(rows.count)
        let end = values.end.assumingMemoryBound(to: UInt8.self)
        var written = 0
        for (index, row) in rows.enumerated() where presence == nil || presence?[index] == 1 {
            end[written] = bits[row >> 3] &>> UInt8(truncatingIfNeeded: row & 7) & 1
            written &+= 1
        }
        values.commit(written)
    }

    private func appendValues<Value: BitwiseCopyable>(
        _ source: UnsafeBufferPointer<Value>, rows: Range<Int>, present: Int
    ) {
        guard let presence = presence(of: rows, present) else {
            return values.append(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: source[rows])))
        }
        values.reserve(rows.count * MemoryLayout<Value>.size)
        let end = values.end.assumingMemoryBound(to: Value.self)
        var written = 0
        for (index, row) in rows.enumerated() {
            // A null's zero is overwritten by the next value: no branch.
            end[written] = source[row]
            written &+= Int(presence[index])
        }
        values.commit(written * MemoryLayout<Value>.size)
    }

    private func appendStrings(
        _ offsets: UnsafeBufferPointer<Int32>, _ bytes: UnsafeRawBufferPointer, rows: Range<Int>, present: Int
    ) {
        let presence = presence(of: rows, present)
        let first = Int(offsets[rows.lowerBound])
        let shift = values.count - first
        // A null's string is empty, so the bytes have no gaps.
        values.append(UnsafeRawBufferPointer(rebasing: bytes[first..<Int(offsets[rows.upperBound])]))
        ends.reserve(rows.count * 8)
        let target = ends.end.assumingMemoryBound(to: Int.self)
        var written = 0
        for (index, row) in rows.enumerated() {
            target[written] = Int(offsets[row &+ 1]) &+ shift
            written &+= presence.map { Int($0[index]) } ?? 1
        }
        ends.commit(written * 8)
    }
}
