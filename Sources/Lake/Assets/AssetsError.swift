public import LambdaRuntime

/// Why the logos of assets could not be refreshed. Nothing was appended then.
public struct AssetsError: Error, Sendable {
    /// The kind of fault, for code that decides.
    public enum Code: String, Sendable {
        /// The definition follows no assets.
        case notDefined = "NotDefined"
        /// CoinAPI, or the way to it, failed, also when asked again.
        case unavailable = "Unavailable"
        /// CoinAPI does not accept the key.
        case keyRefused = "KeyRefused"
        /// What came is not a list of logos.
        case badReply = "BadReply"
        /// The list holds no logo that could be kept.
        case noLogos = "NoLogos"
    }

    /// The kind of fault.
    public let code: Code
    /// What is wrong, and what to do; holds nothing of a reply's body, and no key.
    public let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

extension AssetsError: CustomStringConvertible {
    /// Safe to log.
    public var description: String { message }
}

extension AssetsError: LambdaErrorType {
    /// What Lambda calls the error, such as `Assets.KeyRefused`.
    public var errorType: String { "Assets.\(code.rawValue)" }
}
