/// One column in Arrow's layout: fixed-width values or offsets and bytes, and a validity bitmap (least significant
/// bit first, 1 is valid) that exists from the first null on. A null's slot holds a zero or an empty string, so a row's
/// index is its place in the values.
///
/// A class, because a batch's columns grow in place; one thread may change it at a time.
public final class Column {
    /// What the column holds.
    public let type: ColumnType
    /// ``ColumnType/byteWidth``, or -1 where the width varies.
    @usableFromInline let width: Int

    // Every stored property that changes is read and written in one step, and by one thread, so that accesses cannot
    // overlap; checking each would cost more than the append itself.

    @exclusivity(unchecked) @usableFromInline var rows = 0
    @exclusivity(unchecked) private var nulls = 0
    /// Fixed-width values, a boolean's bits, or the bytes of strings one after the other.
    @exclusivity(unchecked) @usableFromInline var values: GrowableBuffer
    /// `count + 1` ends, as 32-bit signed byte positions; empty for fixed-width types.
    @exclusivity(unchecked) @usableFromInline var offsets: GrowableBuffer
    /// One bit a row; empty while there is no null.
    @exclusivity(unchecked) @usableFromInline var validity: GrowableBuffer

    /// An empty column.
    public init(_ type: ColumnType, capacity: Int = 1024) {
        self.type = type
        width = type.byteWidth ?? -1
        values = GrowableBuffer(capacity: capacity * max(1, type.byteWidth ?? 16))
        offsets = GrowableBuffer(capacity: type.byteWidth == nil ? (capacity + 1) * 4 : 0)
        validity = GrowableBuffer(capacity: 0)
        if type.byteWidth == nil { offsets.append(Int32(0)) }
    }

    /// Rows, nulls included.
    @inlinable
    public var count: Int { rows }
    /// Rows that are null.
    public var nullCount: Int { nulls }

    // MARK: - Appending

    /// Appends to a ``ColumnType/boolean`` column.
    public func append(_ value: Bool) {
        precondition(width == 0, "appending a boolean to a column of another type")
        Self.appendBit(value, at: rows, to: &values)
        finishValue()
    }

    /// Appends a fixed-width value; its width must be the type's.
    @inlinable @inline(__always)
    public func append<Value: BitwiseCopyable>(_ value: Value) {
        precondition(MemoryLayout<Value>.size == width, "appending a value of another width")
        values.append(value)
        finishValue()
    }

    /// Appends to a ``ColumnType/string`` or ``ColumnType/binary`` column; a string's bytes must be valid UTF-8.
    /// - Returns: false, with nothing appended, if the column's bytes would pass 2 GiB.
    @inlinable
    @discardableResult
    public func append(bytes: UnsafeRawBufferPointer) -> Bool {
        precondition(width == -1, "appending bytes to a column of a fixed width")
        guard bytes.count <= Int(Int32.max) - values.count else { return false }
        values.append(bytes)
        offsets.append(Int32(truncatingIfNeeded: values.count))
        finishValue()
        return true
    }

    /// Appends a string to a ``ColumnType/string`` column.
    @discardableResult
    public func append(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { append(bytes: UnsafeRawBufferPointer($0)) }
    }

    /// Appends a null.
    public func appendNull() {
        if validity.count == 0 && rows > 0 {
            validity.append(repeating: 0xFF, count: (rows + 7) / 8)
            Self.clearBits(from: rows, of: &validity)
        }
        switch width {
        case 0: Self.appendBit(false, at: rows, to: &values)
        case 4: values.append(UInt32(0))
        case 8: values.append(UInt64(0))
        default: offsets.append(Int32(truncatingIfNeeded: values.count))
        }
        Self.appendBit(false, at: rows, to: &validity)
        rows += 1
        nulls += 1
    }

    @inlinable @inline(__always)
    func finishValue() {
        if validity.count > 0 { appendValidity() }
        rows &+= 1
    }

    @usableFromInline
    func appendValidity() { Self.appendBit(true, at: rows, to: &validity) }

    /// Appends a bit; those behind it in its byte stay zero.
    private static func appendBit(_ bit: Bool, at index: Int, to buffer: inout GrowableBuffer) {
        if index & 7 == 0 { buffer.append(UInt8(0)) }
        if bit { (buffer.base + index >> 3).assumingMemoryBound(to: UInt8.self).pointee |= 1 << UInt8(index & 7) }
    }

    /// Makes the bits from this index on zero in the byte that holds the bit before it, the buffer's last.
    private static func clearBits(from index: Int, of buffer: inout GrowableBuffer) {
        guard index & 7 != 0 else { return }
        (buffer.base + index >> 3).assumingMemoryBound(to: UInt8.self).pointee &= 1 << UInt8(index & 7) - 1
    }

    /// Forgets the rows from this index on.
    public func truncate(to rows: Int) {
        guard rows < count else { return }
        precondition(rows >= 0, "truncating a column to less than nothing")
        if validity.count > 0 {
            for row in rows..<count where isNull(row) { nulls -= 1 }
            validity.truncate(to: nulls == 0 ? 0 : (rows + 7) / 8)
            if nulls > 0 { Self.clearBits(from: rows, of: &validity) }
        }
        switch width {
        case 0:
            values.truncate(to: (rows + 7) / 8)
            Self.clearBits(from: rows, of: &values)
        case -1:
            values.truncate(to: Int(offset(rows)))
            offsets.truncate(to: (rows + 1) * 4)
        default: values.truncate(to: rows * width)
        }
        self.rows = rows
    }

    // MARK: - Reading

    /// Whether a row is null.
    @inlinable @inline(__always)
    public func isNull(_ row: Int) -> Bool {
        precondition(row >= 0 && row < count, "row out of bounds")
        guard validity.count > 0 else { return false }
        return validity.base.load(fromByteOffset: row >> 3, as: UInt8.self) & UInt8(1) << UInt8(row & 7) == 0
    }

    /// A ``ColumnType/boolean`` column's value; false where it is null.
    public func boolean(_ row: Int) -> Bool {
        precondition(type == .boolean && row >= 0 && row < count, "row out of bounds")
        return values.base.load(fromByteOffset: row >> 3, as: UInt8.self) & UInt8(1) << UInt8(row & 7) != 0
    }

    /// A fixed-width value; zero where it is null.
    @inlinable @inline(__always)
    public func value<Value: BitwiseCopyable>(_ row: Int, as type: Value.Type = Value.self) -> Value {
        precondition(MemoryLayout<Value>.size == width && row >= 0 && row < count, "row out of bounds")
        return values.base.load(fromByteOffset: row * MemoryLayout<Value>.size, as: Value.self)
    }

    /// A string's or binary's bytes, valid while the closure runs; empty where it is null.
    @inlinable @inline(__always)
    public func withBytes<Result>(_ row: Int, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        precondition(width == -1 && row >= 0 && row < count, "row out of bounds")
        let start = Int(offset(row))
        return try body(UnsafeRawBufferPointer(start: values.base + start, count: Int(offset(row + 1)) - start))
    }

    /// A string's text; empty where it is null.
    public func string(_ row: Int) -> String { withBytes(row) { String(decoding: $0, as: UTF8.self) } }

    /// All fixed-width values, nulls as zeros, valid while the closure runs.
    @inlinable
    public func withValues<Value: BitwiseCopyable, Result>(
        as type: Value.Type, _ body: (UnsafeBufferPointer<Value>) throws -> Result
    ) rethrows -> Result {
        precondition(MemoryLayout<Value>.size == width, "reading values of another width")
        let base = values.base.assumingMemoryBound(to: Value.self)
        return try body(UnsafeBufferPointer(start: base, count: count))
    }

    /// A boolean column's bits, least significant first, valid while the closure runs.
    public func withBits<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        precondition(type == .boolean, "reading bits of a column of \(type)")
        return try body(UnsafeRawBufferPointer(start: values.base, count: values.count))
    }

    /// All strings or binaries: `count + 1` offsets, and the bytes, valid while the closure runs.
    @inlinable
    public func withOffsetsAndBytes<Result>(
        _ body: (UnsafeBufferPointer<Int32>, UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        precondition(width == -1, "reading offsets of a column of \(type)")
        let base = offsets.base.assumingMemoryBound(to: Int32.self)
        return try body(
            UnsafeBufferPointer(start: base, count: count + 1),
            UnsafeRawBufferPointer(start: values.base, count: values.count))
    }

    /// The validity bitmap, valid while the closure runs; nil if there is no null.
    public func withValidity<Result>(_ body: (UnsafeRawBufferPointer?) throws -> Result) rethrows -> Result {
        guard nulls > 0 else { return try body(nil) }
        return try body(UnsafeRawBufferPointer(start: validity.base, count: validity.count))
    }

    /// A new column with these rows in this order.
    public func taking(_ rows: [Int]) -> Column {
        let taken = Column(type, capacity: rows.count)
        for row in rows {
            if isNull(row) {
                taken.appendNull()
                continue
            }
            switch width {
            case 0: taken.append(boolean(row))
            case 4: taken.append(value(row, as: UInt32.self))
            case 8: taken.append(value(row, as: UInt64.self))
            default: withBytes(row) { _ = taken.append(bytes: $0) }
            }
        }
        return taken
    }

    @inlinable @inline(__always)
    func offset(_ index: Int) -> Int32 { offsets.base.load(fromByteOffset: index * 4, as: Int32.self) }
}
