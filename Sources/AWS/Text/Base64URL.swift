internal import JSON

/// Base64 for URLs and tokens (RFC 4648, section 5): `-` and `_` for `+` and `/`, without padding.
public enum Base64URL {
    /// The text that stands for bytes.
    public static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        for byte in Base64.encode(bytes).utf8 {
            switch byte {
            case UInt8(ascii: "+"): text.append(UInt8(ascii: "-"))
            case UInt8(ascii: "/"): text.append(UInt8(ascii: "_"))
            case UInt8(ascii: "="): break
            default: text.append(byte)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
