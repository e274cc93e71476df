import TestSupport

extension [UInt8] {
    /// Changes a few bytes: other values, bytes left out, bytes repeated, or the rest cut off.
    mutating func mutate(_ random: inout SeededGenerator) {
        for _ in 0..<Int.random(in: 1...4, using: &random) where !isEmpty {
            let place = Int.random(in: 0..<count, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: self[place] = UInt8.random(in: .min ... .max, using: &random)
            case 1: self[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 2: remove(at: place)
            case 3: insert(contentsOf: self[place..<Swift.min(place + 16, count)], at: place)
            case 4: self[place] = Array("\"\\{}[],:0-9ntf".utf8).randomElement(using: &random)!
            default: removeSubrange(place...)
            }
        }
    }
}
