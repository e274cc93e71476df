/// What each base64 character stands for, once for each of its four places in a group: the 24 bits of a group are the
/// union of four look-ups.
///
/// Unchecked, because the memory is written once, before anyone else sees it, and never freed.
struct Base64Table: @unchecked Sendable {
    /// Set in a group that holds a byte outside the alphabet.
    static let badBit: UInt32 = 1 << 31

    /// Made once, on first use.
    static let shared = Base64Table()

    private let places: UnsafePointer<UInt32>

    private init() {
        let table = UnsafeMutablePointer<UInt32>.allocate(capacity: 1024)
        for index in 0..<1024 {
            let value = Self.value(UInt8(index & 0xFF)).map { UInt32($0) << UInt32(18 - 6 * (index >> 8)) }
            (table + index).initialize(to: value ?? Self.badBit)
        }
        places = UnsafePointer(table)
    }

    /// The 24 bits of four characters, the first of which is the lowest byte; ``badBit`` where one is not of the
    /// alphabet.
    @inline(__always)
    func group(_ characters: UInt32) -> UInt32 {
        places[Int(characters & 0xFF)] | places[256 + Int(characters >> 8 & 0xFF)]
            | places[512 + Int(characters >> 16 & 0xFF)] | places[768 + Int(characters >> 24)]
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
