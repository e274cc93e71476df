/// Why a JSON text, or a value in it, was refused.
public struct JSONError: Error, Equatable, Sendable {
    /// The kind of fault, for code that decides.
    public enum Code: String, Sendable {
        /// The text ended inside a value.
        case truncated
        /// A byte that RFC 8259 does not allow here.
        case unexpectedByte
        /// A value of another kind than the caller asked for.
        case wrongKind
        /// A string with a raw control byte, a bad escape, a lone surrogate or invalid UTF-8.
        case badString
        /// A number not written as RFC 8259 says.
        case badNumber
        /// A number that does not fit the type asked for.
        case outOfRange
        /// Arrays and objects nested deeper than ``JSONReader/maximumDepth``.
        case tooDeep
        /// Bytes after the value that should be the last.
        case trailingBytes
    }

    /// The kind of fault.
    public let code: Code
    /// Where in the text, in bytes from its start.
    public let offset: Int
    /// What was expected, in words that hold nothing of the text itself.
    public let reason: String

    /// An error at a byte offset.
    public init(_ code: Code, at offset: Int, _ reason: String) {
        self.code = code
        self.offset = offset
        self.reason = reason
    }
}

extension JSONError: CustomStringConvertible {
    /// Safe to log: it never quotes the text.
    public var description: String { "\(reason) (\(code.rawValue) at byte \(offset))" }
}
