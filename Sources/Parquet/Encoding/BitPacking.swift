/// Values of a few bits each, least significant bit first, in groups of eight ("Run Length Encoding / Bit-Packing
/// Hybrid", the bit-packed half).
enum BitPacking {
    /// Bits that hold every value up to this one.
    @inline(__always)
    static func bitWidth(ofMaximum maximum: UInt32) -> Int { UInt32.bitWidth - maximum.leadingZeroBitCount }

    /// Bytes of this many values, rounded up to whole groups.
    static func byteCount(values: Int, bitWidth: Int) -> Int { (values + 7) / 8 * bitWidth }

    /// Appends values, each below `1 << bitWidth`; the last group is filled up with zeros.
    static func append<Value: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        _ values: UnsafeBufferPointer<Value>, bitWidth: Int, to buffer: inout ByteBuffer
    ) {
        let size = byteCount(values: values.count, bitWidth: bitWidth)
        // Whole 32-bit words are stored, so up to seven bytes past the last group are touched.
        buffer.reserve(size + 8)
        let end = buffer.end
        var written = 0
        var pending: UInt64 = 0
        var pendingBits = 0
        for value in values {
            pending |= UInt64(truncatingIfNeeded: value) &<< UInt64(truncatingIfNeeded: pendingBits)
            pendingBits &+= bitWidth
            if pendingBits >= 32 {
                end.storeBytes(of: UInt32(truncatingIfNeeded: pending), toByteOffset: written, as: UInt32.self)
                written &+= 4
                pending &>>= 32
                pendingBits &-= 32
            }
        }
        while written < size {
            end.storeBytes(of: UInt32(truncatingIfNeeded: pending), toByteOffset: written, as: UInt32.self)
            written += 4
            pending = 0
        }
        buffer.commit(size)
    }
}
