/// Texts as Glue takes them: one line, not too long (AWS Glue API reference, "String Patterns").
enum GlueText {
    /// The longest comment of a column, in characters.
    static let comment = 255
    /// The longest description of a database or a table, in characters.
    static let description = 2048
    /// The longest owner of a table, in characters.
    static let owner = 255

    /// The beginning of a text, with spaces in place of control characters.
    /// - Parameter maximumCount: how many UTF-16 units are taken at most.
    static func line(_ text: String, _ maximumCount: Int) -> String {
        var line = ""
        var count = 0
        for scalar in text.unicodeScalars {
            count += UTF16.width(scalar)
            guard count <= maximumCount else { break }
            let isControl = scalar.value < 0x20 && scalar != "\t"
            line.unicodeScalars.append(isControl ? " " : scalar)
        }
        return line
    }
}
