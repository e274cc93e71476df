/// Why an Avro file or schema was refused.
public struct AvroError: Error, Equatable, Sendable {
    /// The kind of fault, for code that decides.
    public enum Code: String, Sendable {
        /// The bytes ended inside a value.
        case truncated
        /// Bytes or a schema that the Avro specification does not allow, or a value of another kind than asked for.
        case malformed
        /// Something valid that this library does not read, such as another compression codec.
        case unsupported
    }

    /// The kind of fault.
    public let code: Code
    /// What was wrong, in words that hold no value of the file.
    public let reason: String
    /// Where in the file or block, in bytes, if that is known.
    public let offset: Int?

    /// An error, and where it was found.
    public init(_ code: Code, _ reason: String, at offset: Int? = nil) {
        self.code = code
        self.reason = reason
        self.offset = offset
    }
}

extension AvroError: CustomStringConvertible {
    /// One line, safe to log.
    public var description: String {
        offset.map { "\(reason) (\(code.rawValue) at byte \($0))" } ?? "\(reason) (\(code.rawValue))"
    }
}
