/// Base64 text of an event (RFC 4648, section 4), where it lies in its buffer: not decoded, and not checked, until asked.
public struct Base64View: Equatable, Sendable {
    /// The text as it stands in the buffer.
    public let encoded: ByteView

    init(_ buffer: EventBuffer, _ range: ByteRange) { encoded = ByteView(buffer, range) }

    /// A view of a copy of this base64 text.
    public init(copying text: String) { encoded = ByteView(copying: Array(text.utf8)) }

    /// The bytes that the text stands for.
    /// - Throws: ``EventError`` with code ``EventError/Code/badValue`` if a character is not of the alphabet, the
    ///   length is not a multiple of four, or the padding is wrong.
    public func decoded() throws(EventError) -> [UInt8] {
        try encoded.withUnsafeBytes { text throws(EventError) in try Self.decode(text) }
    }

    private static func decode(_ text: UnsafeRawBufferPointer) throws(EventError) -> [UInt8] {
        guard text.count % 4 == 0 else {
            throw EventError(.badValue, "base64", "its length, \(text.count), is not a multiple of four")
        }
        guard text.count > 0 else { return [] }
        let padding = text[text.count - 1] != pad ? 0 : text[text.count - 2] != pad ? 1 : 2
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        for group in stride(from: 0, to: text.count, by: 4) {
            let isLast = group + 4 == text.count
            var bits: UInt32 = 0
            let digits = isLast ? 4 - padding : 4
            for index in group..<group + digits { bits = bits << 6 | (try value(text[index], at: index)) }
            bits <<= UInt32(6 * (4 - digits))
            guard digits == 4 || bits & (digits == 3 ? 0xFF : 0xFFFF) == 0 else {
                throw EventError(.badValue, "base64", "the bits before the padding are not zero")
            }
            bytes.append(UInt8(truncatingIfNeeded: bits >> 16))
            if digits > 2 { bytes.append(UInt8(truncatingIfNeeded: bits >> 8)) }
            if digits > 3 { bytes.append(UInt8(truncatingIfNeeded: bits)) }
        }
        return bytes
    }

    private static let pad = UInt8(ascii: "=")

    private static func value(_ character: UInt8, at index: Int) throws(EventError) -> UInt32 {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character) - 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character) - 71
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character) + 4
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: throw EventError(.badValue, "base64", "a character outside the alphabet at position \(index)")
        }
    }
}
