/// Percent-encoding (RFC 3986 §2.1) as AWS signs it: everything but unreserved characters, in upper case.
public enum PercentEncoding {
    /// A text as it stands in a URL.
    /// - Parameter keepsSlashes: whether `/` stays, as in a path; a query has it encoded.
    public static func encode(_ text: String, keepsSlashes: Bool = false) -> String {
        var bytes: [UInt8] = []
        append(text.utf8, to: &bytes, keepsSlashes: keepsSlashes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A query as it stands in a URL behind `?`, in the order given; a name without a value has its `=` too.
    public static func encode(_ query: [(name: String, value: String)]) -> String {
        var bytes: [UInt8] = []
        for (name, value) in query {
            if !bytes.isEmpty { bytes.append(UInt8(ascii: "&")) }
            append(name.utf8, to: &bytes)
            bytes.append(UInt8(ascii: "="))
            append(value.utf8, to: &bytes)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A form as it stands in a body: like a query, but with `+` for a space (application/x-www-form-urlencoded).
    static func encodeForm(_ form: [(name: String, value: String)]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (name, value) in form {
            if !bytes.isEmpty { bytes.append(UInt8(ascii: "&")) }
            append(name.utf8, to: &bytes)
            bytes.append(UInt8(ascii: "="))
            for (place, part) in value.utf8.split(separator: 0x20, omittingEmptySubsequences: false).enumerated() {
                if place > 0 { bytes.append(UInt8(ascii: "+")) }
                append(part, to: &bytes)
            }
        }
        return bytes
    }

    /// An encoded text as it was meant; nil if an escape is none, or if it is not UTF-8.
    /// - Parameter plusIsSpace: whether `+` stands for a space, as in a form; otherwise it is itself.
    public static func decode(_ text: some StringProtocol, plusIsSpace: Bool = false) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(value), let low = rest.popFirst().flatMap(value) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// Appends bytes, encoded.
    static func append(_ text: some Sequence<UInt8>, to bytes: inout [UInt8], keepsSlashes: Bool = false) {
        for byte in text {
            if isUnreserved(byte) || keepsSlashes && byte == UInt8(ascii: "/") {
                bytes.append(byte)
            } else {
                bytes.append(UInt8(ascii: "%"))
                bytes.append(digit(byte >> 4))
                bytes.append(digit(byte & 15))
            }
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
