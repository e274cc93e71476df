internal import Foundation

/// Where the command line prints: answers to standard output, complaints to standard error.
enum Console {
    /// Text as it is, at once.
    static func write(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }

    /// Lines.
    static func print(_ lines: String...) { for line in lines { write(line + "\n") } }

    /// Lines.
    static func print(_ lines: [String]) { write(lines.map { $0 + "\n" }.joined()) }

    /// A complaint.
    static func complain(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
}
