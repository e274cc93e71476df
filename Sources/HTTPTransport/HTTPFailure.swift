/// Why a request got no response.
public struct HTTPFailure: Error, Equatable, Sendable {
    /// The kind of fault, for code that decides.
    public enum Code: String, Sendable {
        /// A URL or field that is not sent: malformed, or not HTTPS and not loopback.
        case invalidRequest
        /// No address for the host's name.
        case cannotResolve
        /// No connection: refused, unreachable, or not made in time.
        case cannotConnect
        /// The server's certificate, or the agreement on TLS.
        case tls
        /// No answer in time.
        case timedOut
        /// The connection ended before the response did.
        case connectionLost
        /// A response that is no HTTP.
        case malformedResponse
        /// A response body above the request's limit.
        case responseTooLarge
    }

    /// The kind of fault.
    public let code: Code
    /// What happened, with host and port; holds no path, query, field or body.
    public let message: String
    /// Whether the server may have acted: false only if it certainly did not see the whole request.
    public let mayHaveActed: Bool

    /// A failure.
    public init(_ code: Code, _ message: String, mayHaveActed: Bool) {
        self.code = code
        self.message = message
        self.mayHaveActed = mayHaveActed
    }
}

extension HTTPFailure: CustomStringConvertible {
    /// One line, safe to log.
    public var description: String { "\(message) (\(code.rawValue))" }
}
