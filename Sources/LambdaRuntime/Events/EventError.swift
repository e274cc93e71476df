internal import JSON

/// Why an event could not be decoded: what failed, and where.
public struct EventError: Error, Equatable, Sendable {
    /// The kind of fault, for code that decides.
    public enum Code: String, Sendable {
        /// Not JSON, or cut short.
        case malformed = "Event.Malformed"
        /// An event of another service.
        case wrongSource = "Event.WrongSource"
        /// A field that every such event has is not there.
        case missingField = "Event.MissingField"
        /// A value of another JSON kind than the field has.
        case wrongKind = "Event.WrongKind"
        /// A value of the right kind that the field cannot have.
        case badValue = "Event.BadValue"
    }

    /// The kind of fault.
    public let code: Code
    /// The field, such as `Records[3].kinesis.data`; empty for the event as a whole.
    public let path: String
    /// What was expected and what came instead, in words that hold nothing of a payload.
    public let reason: String

    /// An error about one field.
    public init(_ code: Code, _ path: String, _ reason: String) {
        self.code = code
        self.path = path
        self.reason = reason
    }

    init(_ error: JSONError, _ path: String) {
        self.init(.malformed, path, "not valid JSON: \(error)")
    }
}

extension EventError: CustomStringConvertible {
    /// Safe to log: it never quotes a payload.
    public var description: String { path.isEmpty ? "the event: \(reason)" : "\(path): \(reason)" }
}

extension EventError: LambdaErrorType {
    /// The code's own spelling, such as `Event.MissingField`.
    public var errorType: String { code.rawValue }
}
