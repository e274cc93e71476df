/// Why Alpaca gave no bars.
struct UpstreamFault: Error, Equatable {
    /// The kind of fault, as the reply counts it.
    enum Kind: String, CaseIterable {
        /// Too many requests.
        case throttled
        /// The key is not accepted, or may not do this.
        case refused
        /// No reply, or a fault of the server.
        case unavailable
        /// A reply that is not what was asked for.
        case malformed
        /// The request is refused as it is, such as for a symbol that does not exist.
        case invalid
        /// The key could not be had of Secrets Manager.
        case key
    }

    /// The kind of fault.
    let kind: Kind
    /// What is wrong; holds no key.
    let message: String
    /// How long Alpaca asks to be left alone, in milliseconds.
    var retryAfterMs: Int64?
}

extension UpstreamFault: CustomStringConvertible {
    /// Safe to log.
    var description: String { message }
}
