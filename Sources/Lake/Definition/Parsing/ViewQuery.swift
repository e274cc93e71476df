/// The text of a view's query, as far as it must be understood to be put into a statement that makes the view: where
/// literals, quoted names and comments end.
enum ViewQuery {
    /// What is wrong with a query, if anything: it must be one statement that starts with SELECT or WITH, without a
    /// semicolon, and its last line must not be a comment that would swallow what comes behind it.
    static func problem(of text: String) -> String? {
        let text = Array(text.utf8)
        var index = 0
        var first: String?
        while index < text.count {
            let byte = text[index]
            let next = index + 1 < text.count ? text[index + 1] : 0
            switch (byte, next) {
            case (UInt8(ascii: "'"), _), (UInt8(ascii: "\""), _):
                if first == nil { first = "" }
                // A quote within the quotes is doubled, which reads as two of them, one behind the other.
                guard let end = text[(index + 1)...].firstIndex(of: byte) else { return "a quote is not closed" }
                index = end + 1
            case (UInt8(ascii: "-"), UInt8(ascii: "-")):
                guard let end = text[index...].firstIndex(of: UInt8(ascii: "\n")) else {
                    return "ends in a comment, which would hide what follows the query"
                }
                index = end + 1
            case (UInt8(ascii: "/"), UInt8(ascii: "*")):
                guard let end = endOfComment(text, from: index + 2) else { return "a comment is not closed" }
                index = end
            case (UInt8(ascii: ";"), _): return "must be one statement, without a semicolon"
            case (0, _): return "holds a byte that no query may hold"
            case (0...UInt8(ascii: " "), _): index += 1
            default:
                if first == nil { first = word(text[index...]) }
                index += 1
            }
        }
        guard first == "SELECT" || first == "WITH" else { return "must be a query: SELECT …, or WITH … SELECT …" }
        return nil
    }

    /// The letters that a text starts with, as capitals.
    private static func word(_ text: ArraySlice<UInt8>) -> String {
        let letters = text.prefix { byte in
            isNameByte(byte) || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte || byte > 0x7F
        }
        return String(decoding: letters, as: UTF8.self).uppercased()
    }

    /// The place behind the end of a comment.
    private static func endOfComment(_ text: [UInt8], from start: Int) -> Int? {
        var index = start
        while index + 1 < text.count {
            if text[index] == UInt8(ascii: "*"), text[index + 1] == UInt8(ascii: "/") { return index + 2 }
            index += 1
        }
        return nil
    }
}
