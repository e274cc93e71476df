import TestSupport

/// Bytes with seeded damage: changed, cut, doubled, at random places.
func mutations(of text: String, count: Int, seed: UInt64) -> [[UInt8]] {
    var random = SeededGenerator(seed: seed)
    let original = Array(text.utf8)
    return (0..<count).map { _ in
        var bytes = original
        for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.removeSubrange(place...)
            case 2: bytes.insert(bytes[place], at: place)
            case 3: bytes.remove(at: place)
            default: bytes.insert(contentsOf: bytes[place...].prefix(12), at: place)
            }
        }
        return bytes
    }
}

/// Every beginning of a text.
func truncations(of text: String) -> [[UInt8]] {
    let bytes = Array(text.utf8)
    return bytes.indices.map { Array(bytes[..<$0]) }
}
