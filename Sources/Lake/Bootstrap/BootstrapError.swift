public import LambdaRuntime

/// Why an invocation of bootstrap-tables ended in an error.
public struct BootstrapError: Error, Sendable {
    /// The kind of fault, for code that decides.
    public enum Code: String, Sendable {
        /// The event asks for something that there is not.
        case event = "Event"
        /// Tables or views cannot follow the definition; everything else was done.
        case refused = "Refused"
        /// Something could not be reached or did not work; everything else was done.
        case failed = "Failed"
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

extension BootstrapError: CustomStringConvertible {
    /// Safe to log.
    public var description: String { message }
}

extension BootstrapError: LambdaErrorType {
    /// What Lambda calls the error, such as `Bootstrap.Refused`.
    public var errorType: String { "Bootstrap.\(code.rawValue)" }
}
