/// The RLE / bit-packing hybrid: runs of one value, and bit-packed groups of eight between them. Definition levels and
/// dictionary indices are written in it.
enum RunLengthEncoding {
    /// Appends values, each below `1 << bitWidth`, for widths 0 to 32.
    static func append<Value: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        _ values: UnsafeBufferPointer<Value>, bitWidth: Int, to buffer: inout ByteBuffer
    ) {
        let shortestRun = shortestRun(bitWidth: bitWidth)
        /// First value that is not yet written; from here to `index` all go bit-packed.
        var literalStart = 0
        var index = 0
        while index < values.count {
            let value = values[index]
            var end = index &+ 1
            while end < values.count && values[end] == value { end &+= 1 }
            // A bit-packed group before the run is filled up from the run, because only the last may be short.
            let literalEnd = index &+ (literalStart &- index) & 7
            if end &- literalEnd >= shortestRun {
                appendLiterals(values, from: literalStart, to: literalEnd, bitWidth: bitWidth, to: &buffer)
                appendRun(
                    of: UInt32(truncatingIfNeeded: value), count: end - literalEnd, bitWidth: bitWidth, to: &buffer)
                literalStart = end
            }
            index = end
        }
        appendLiterals(values, from: literalStart, to: values.count, bitWidth: bitWidth, to: &buffer)
    }

    /// Appends one run.
    static func appendRun(of value: UInt32, count: Int, bitWidth: Int, to buffer: inout ByteBuffer) {
        guard count > 0 else { return }
        buffer.append(varint: UInt32(truncatingIfNeeded: count) << 1)
        for byte in 0..<(bitWidth + 7) / 8 {
            buffer.append(UInt8(truncatingIfNeeded: value >> UInt32(byte * 8)))
        }
    }

    /// The shortest run that takes fewer bytes than the same values bit-packed: it costs its header, the value, and
    /// the header of the bit-packed groups that go on after it.
    static func shortestRun(bitWidth: Int) -> Int {
        guard bitWidth > 0 else { return 1 }
        let cost = 2 + (bitWidth + 7) / 8
        return max(8, cost * 8 / bitWidth + 1)
    }

    private static func appendLiterals<Value: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        _ values: UnsafeBufferPointer<Value>, from start: Int, to end: Int, bitWidth: Int, to buffer: inout ByteBuffer
    ) {
        guard start < end else { return }
        let groups = (end - start + 7) / 8
        buffer.append(varint: UInt32(truncatingIfNeeded: groups) << 1 | 1)
        BitPacking.append(UnsafeBufferPointer(rebasing: values[start..<end]), bitWidth: bitWidth, to: &buffer)
    }
}
