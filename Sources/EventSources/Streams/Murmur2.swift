/// Murmur2 with the seed that Kafka's producers use, by which a key's partition is found.
enum Murmur2 {
    private static let multiplier: UInt32 = 0x5BD1_E995

    static func hash(_ bytes: [UInt8]) -> UInt32 {
        var hash = 0x9747_B28C ^ UInt32(truncatingIfNeeded: bytes.count)
        let whole = bytes.count & ~3
        for start in stride(from: 0, to: whole, by: 4) {
            var word = (0..<4).reduce(0 as UInt32) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) }
            word &*= multiplier
            word ^= word >> 24
            hash = hash &* multiplier ^ word &* multiplier
        }
        if bytes.count > whole {
            for index in whole..<bytes.count { hash ^= UInt32(bytes[index]) << UInt32(8 * (index - whole)) }
            hash &*= multiplier
        }
        hash ^= hash >> 13
        hash &*= multiplier
        return hash ^ hash >> 15
    }
}
