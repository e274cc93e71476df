public import LambdaRuntime

/// Why upkeep could not be done, or not to its end. What went wrong with single tables is in the reply instead.
public struct UpkeepError: Error, Sendable {
    /// The kind of fault, for code that decides.
    public enum Code: String, Sendable {
        /// The engine cannot work on this lake.
        case engine = "Engine"
        /// The catalog has no database of a name that was asked for.
        case unknownDatabase = "UnknownDatabase"
        /// Tables are left, and the function has called itself as often as it may.
        case notFinished = "NotFinished"
        /// Tables are left, and the function could not call itself.
        case notHandedOn = "NotHandedOn"
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

extension UpkeepError: CustomStringConvertible {
    /// Safe to log.
    public var description: String { message }
}

extension UpkeepError: LambdaErrorType {
    /// What Lambda calls the error, such as `Upkeep.NotFinished`.
    public var errorType: String { "Upkeep.\(code.rawValue)" }
}
