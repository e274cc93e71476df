/// Why an HTTP response could not be read.
struct HTTPError: Error, Equatable, Sendable {
    /// The kind of fault, for code that decides.
    enum Code: Sendable {
        /// Not HTTP/1.1 as RFC 9112 says, or a framing that we refuse.
        case malformed
        /// A line, a head or a body longer than the limit.
        case tooLarge
        /// The connection ended inside the response.
        case truncated
    }

    let code: Code
    /// In words that hold nothing of the response.
    let reason: String

    init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }
}
