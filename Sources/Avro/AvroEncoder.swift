/// Writes values in Avro's binary encoding, one after the other.
public struct AvroEncoder: Sendable {
    /// What has been written so far.
    public private(set) var bytes: [UInt8] = []

    /// An encoder that has written nothing.
    public init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    /// Starts again, keeping the memory.
    public mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    /// An int or long, zig-zag; also a union's index, and the count that opens a block of an array, which 0 ends.
    @inlinable
    public mutating func long(_ value: some FixedWidthInteger) { varint(Int64(value)) }

    @usableFromInline
    mutating func varint(_ value: Int64) {
        var rest = UInt64(bitPattern: value << 1) ^ UInt64(bitPattern: value >> 63)
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// A truth value.
    public mutating func boolean(_ value: Bool) { bytes.append(value ? 1 : 0) }
    /// A float.
    public mutating func float(_ value: Float) { fixedWidth(value.bitPattern) }
    /// A double.
    public mutating func double(_ value: Double) { fixedWidth(value.bitPattern) }

    /// Bytes with their length.
    public mutating func data(_ value: [UInt8]) {
        long(value.count)
        bytes.append(contentsOf: value)
    }

    /// Bytes of a fixed type, without a length.
    public mutating func fixed(_ value: [UInt8]) { bytes.append(contentsOf: value) }

    /// Values that are encoded already.
    public mutating func encoded(_ values: ArraySlice<UInt8>) { bytes.append(contentsOf: values) }

    /// Text with its length in UTF-8.
    public mutating func string(_ value: String) {
        long(value.utf8.count)
        bytes.append(contentsOf: value.utf8)
    }

    private mutating func fixedWidth(_ value: some FixedWidthInteger & UnsignedInteger) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }
}
