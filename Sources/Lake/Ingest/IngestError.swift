public import LambdaRuntime

/// Why an event could not be taken at all.
public struct IngestError: Error, Sendable {
    /// The kind of fault, for code that decides.
    public enum Code: String, Sendable {
        /// No stream of the definition matches the event's.
        case unknownStream = "UnknownStream"
        /// The stream was deleted and made again, so stored offsets mean nothing for it.
        case recreatedStream = "RecreatedStream"
    }

    /// The kind of fault.
    public let code: Code
    /// What is wrong, and what to do.
    public let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

extension IngestError: CustomStringConvertible {
    /// Safe to log.
    public var description: String { message }
}

extension IngestError: LambdaErrorType {
    /// What Lambda calls the error, such as `Ingest.UnknownStream`.
    public var errorType: String { "Ingest.\(code.rawValue)" }
}
