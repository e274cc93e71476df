/// Search for text within text. The ones of the standard library live in `_StringProcessing`, which brings the parser of
/// regular expressions and the names of all Unicode characters into an executable: more than a megabyte.
extension StringProtocol {
    /// Where `text` occurs first, compared byte by byte as UTF-8; nil if nowhere. An empty text occurs at the start.
    func firstOccurrence(of text: some StringProtocol) -> Range<Index>? {
        var start = utf8.startIndex
        while true {
            var here = start
            var isWhole = true
            for byte in text.utf8 {
                guard here != utf8.endIndex else { return nil }
                guard utf8[here] == byte else {
                    isWhole = false
                    break
                }
                here = utf8.index(after: here)
            }
            if isWhole { return start..<here }
            start = utf8.index(after: start)
        }
    }

    /// Whether `text` occurs anywhere.
    package func holds(_ text: some StringProtocol) -> Bool { firstOccurrence(of: text) != nil }

    /// The text without a secret, and without the start of it where the text was cut off within: fewer than four
    /// characters tell nothing.
    package func hiding(_ secret: String) -> String {
        let whole = exchanging(secret, for: "…")
        let bytes = Array(whole.utf8)
        let secret = Array(secret.utf8)
        var count = Swift.min(secret.count - 1, bytes.count)
        while count > 3, !bytes[(bytes.count - count)...].elementsEqual(secret[..<count]) { count -= 1 }
        return count > 3 ? String(decoding: bytes.dropLast(count), as: UTF8.self) + "…" : whole
    }

    /// The text with each occurrence of `text` exchanged for `replacement`; unchanged if `text` is empty.
    func exchanging(_ text: some StringProtocol, for replacement: String) -> String {
        guard !text.isEmpty else { return String(self) }
        var result = ""
        var rest = self[startIndex...]
        while let range = rest.firstOccurrence(of: text) {
            result += rest[..<range.lowerBound]
            result += replacement
            rest = rest[range.upperBound...]
        }
        return result + rest
    }
}
