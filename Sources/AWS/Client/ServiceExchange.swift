internal import HTTPTransport

/// Calls that are under way, between ``ServiceClient/start(_:)`` and ``ServiceClient/finish(_:)``.
public final class ServiceExchange {
    /// One call and how far it has come.
    struct Call {
        let request: ServiceRequest
        var attempts: CallAttempts
        /// What the last attempt was signed with, where it was.
        var credentials: Credentials?
        /// When to send it again, in milliseconds since the epoch, after the last attempt failed.
        var dueMs: Int64?
        /// The last attempt's fault, while another is to come.
        var fault: ServiceError?
        /// How it ended.
        var result: Result<HTTPResponse, ServiceError>?
    }

    /// The calls, in the order in which they were asked.
    var calls: [Call]
    /// Those on the wire, by their place in ``calls``, with the promise of their replies.
    var onWire: (calls: [Int], replies: () -> [Result<HTTPResponse, HTTPFailure>])?

    init(_ calls: [Call]) { self.calls = calls }
}
