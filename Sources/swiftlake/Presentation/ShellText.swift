/// Texts as other languages' literals, so that lines that are printed can be run as they stand.
enum ShellText {
    /// One word of a shell's command line, quoted only where it must be, and in the quotes that leave it readable.
    static func word(_ text: String) -> String {
        if !text.isEmpty, text.unicodeScalars.allSatisfy(isPlain) { return text }
        if !text.contains("'") { return "'\(text)'" }
        if !text.contains(where: { "\"$`\\!".contains($0) }) { return "\"\(text)\"" }
        return "'\(text.replacing("'", with: #"'\''"#))'"
    }

    /// A string literal of SQL.
    static func sql(_ text: String) -> String { "'\(text.replacing("'", with: "''"))'" }

    /// A name of SQL, in quotes.
    static func identifier(_ name: String) -> String { "\"\(name.replacing("\"", with: "\"\""))\"" }

    /// A string literal of Python.
    static func python(_ text: String) -> String {
        let escaped = text.replacing(#"\"#, with: #"\\"#).replacing("\n", with: #"\n"#)
        return escaped.contains("'") && !escaped.contains("\"")
            ? "\"\(escaped)\"" : "'\(escaped.replacing("'", with: #"\'"#))'"
    }

    private static func isPlain(_ character: Unicode.Scalar) -> Bool {
        switch character {
        case "a"..."z", "A"..."Z", "0"..."9", "/", ".", "_", "-", ":", ",", "+", "@": true
        default: false
        }
    }
}
