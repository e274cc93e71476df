/// The 32-bit hash of bucket transforms: Murmur3, x86 variant, seed 0 ("Appendix B: 32-bit Hash Requirements").
enum Murmur3 {
    /// The hash of bytes: of strings in UTF-8, of decimals as their minimal big-endian bytes.
    static func hash(_ bytes: UnsafeRawBufferPointer) -> Int32 {
        var hash: UInt32 = 0
        let blocks = bytes.count / 4
        for index in 0..<blocks {
            let block = bytes.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)
            hash = mix(hash, UInt32(littleEndian: block))
        }
        var tail: UInt32 = 0
        for index in stride(from: bytes.count - 1, through: blocks * 4, by: -1) {
            tail = tail << 8 | UInt32(bytes[index])
        }
        if bytes.count % 4 != 0 { hash ^= scramble(tail) }
        return finish(hash, bytes.count)
    }

    /// The hash of bytes.
    static func hash(_ bytes: [UInt8]) -> Int32 { bytes.withUnsafeBytes { hash($0) } }

    /// The hash of a number as eight little-endian bytes: of ints, longs, dates, times and timestamps.
    static func hash(_ value: Int64) -> Int32 {
        let bits = UInt64(bitPattern: value)
        let low = mix(0, UInt32(truncatingIfNeeded: bits))
        return finish(mix(low, UInt32(truncatingIfNeeded: bits >> 32)), 8)
    }

    private static func scramble(_ block: UInt32) -> UInt32 {
        rotate(block &* 0xCC9E_2D51, 15) &* 0x1B87_3593
    }

    private static func mix(_ hash: UInt32, _ block: UInt32) -> UInt32 {
        rotate(hash ^ scramble(block), 13) &* 5 &+ 0xE654_6B64
    }

    private static func rotate(_ value: UInt32, _ bits: UInt32) -> UInt32 { value << bits | value >> (32 - bits) }

    private static func finish(_ hash: UInt32, _ count: Int) -> Int32 {
        var hash = hash ^ UInt32(truncatingIfNeeded: count)
        hash = (hash ^ hash >> 16) &* 0x85EB_CA6B
        hash = (hash ^ hash >> 13) &* 0xC2B2_AE35
        return Int32(bitPattern: hash ^ hash >> 16)
    }
}
