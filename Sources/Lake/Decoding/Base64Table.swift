/// What each base64 character stands for, once for each of its four places in a group: the 24 bits of a group are the
/// union of four look-ups.
struct Base64Table: Sendable {
    /// Set in a group that holds a byte outside the alphabet.
    static let badBit: UInt32 = 1 << 31

    /// Made once, on first use.
    static let shared = Base64Table()

    private let places: InlineArray<1024, UInt32>

    private init() {
        places = InlineArray { index in
            guard let value = Self.value(UInt8(index & 0xFF)) else { return Self.badBit }
            return UInt32(value) << UInt32(18 - 6 * (index >> 8))
        }
    }

    /// The 24 bits of four characters, the first of which is the lowest byte; ``badBit`` where one is not of the
    /// alphabet.
    @inline(__always)
    func group(_ characters: UInt32) -> UInt32 {
        places[unchecked: Int(characters & 0xFF)] | places[unchecked: 256 + Int(characters >> 8 & 0xFF)]
            | places[unchecked: 512 + Int(characters >> 16 & 0xFF)] | places[unchecked: 768 + Int(characters >> 24)]
    }

    /// Whether a byte is one of the 64 characters.
    static func isOfAlphabet(_ byte: UInt8) -> Bool { value(byte) != nil }

    /// The six bits of a character.
    private static func value(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
