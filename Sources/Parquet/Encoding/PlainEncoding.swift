/// PLAIN: values one after the other, fixed-width little-endian, booleans as bits, strings after their length.
enum PlainEncoding {
    /// Appends the bits of booleans that take a byte each, least significant bit first.
    static func append(booleans: UnsafeBufferPointer<UInt8>, to buffer: inout ByteBuffer) {
        BitPacking.append(booleans, bitWidth: 1, to: &buffer)
    }

    /// Appends strings, each after its length in four bytes. Lengths must fit 31 bits.
    /// - Parameter ends: where each string ends in the bytes; it starts where the one before ends.
    static func append(
        strings ends: UnsafeBufferPointer<Int>, from start: Int, of bytes: UnsafeRawPointer,
        to buffer: inout ByteBuffer
    ) {
        guard let last = ends.last else { return }
        buffer.reserve(last - start + ends.count * 4)
        var position = start
        var target = buffer.end
        for end in ends {
            let length = end &- position
            target.storeBytes(of: UInt32(truncatingIfNeeded: length), as: UInt32.self)
            target += 4
            target.copyMemory(from: bytes + position, byteCount: length)
            target += length
            position = end
        }
        buffer.commit(last - start + ends.count * 4)
    }
}
