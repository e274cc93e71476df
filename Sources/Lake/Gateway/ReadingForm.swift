/// How the readings of a body are written.
enum ReadingForm: String {
    /// One JSON object, or an array of them.
    case json = "application/json"
    /// One JSON object a line; empty lines mean nothing.
    case lines = "application/x-ndjson"

    /// The form that a field `Content-Type` names (RFC 9110, section 8.3.1); nil for any other.
    init?(contentType field: String) {
        let parts = field.split(separator: ";", omittingEmptySubsequences: false).map(Self.trimmed)
        guard let form = parts.first.flatMap({ Self(rawValue: $0.lowercased()) }) else { return nil }
        for parameter in parts.dropFirst() {
            let halves = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard halves.first?.lowercased() == "charset" else { continue }
            var charset = halves.count > 1 ? halves[1].lowercased() : ""
            if charset.hasPrefix("\""), charset.hasSuffix("\""), charset.utf8.count > 1 {
                charset = String(charset.dropFirst().dropLast())
            }
            // RFC 8259 knows no other; US-ASCII is a part of it.
            guard charset == "utf-8" || charset == "us-ascii" else { return nil }
        }
        self = form
    }

    /// A text without the white space of HTTP around it.
    static func trimmed(_ text: some StringProtocol) -> String {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
        let bytes = Array(text.utf8)
        guard let first = bytes.firstIndex(where: { !isSpace($0) }),
            let last = bytes.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(decoding: bytes[first...last], as: UTF8.self)
    }
}
