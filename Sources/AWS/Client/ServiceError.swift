/// Why a call of a service did not succeed.
public struct ServiceError: Error, Sendable {
    /// The kind of fault, for code that decides: made once, where the reply is read.
    public enum Kind: String, Sendable {
        /// Credentials that are missing, wrong, expired, or do not fit the time of day.
        case credentials
        /// Credentials that are right but not allowed to do this, a KMS key's included.
        case accessDenied
        /// What the call names does not exist: bucket, key, database, table, secret.
        case notFound
        /// It exists already, or a condition of the call does not hold.
        case preconditionFailed
        /// The service saw another change at the same time.
        case conflict
        /// Too many requests for now.
        case throttled
        /// The service refuses the call as it is: trying again does not help.
        case invalid
        /// The service, or the way to it, failed.
        case unavailable
        /// A reply that breaks the protocol.
        case malformedReply
        /// Settings of this side, such as a missing region.
        case configuration
    }

    /// The kind of fault.
    public let kind: Kind
    /// The service's name, such as `s3`.
    public let service: String
    /// The operation, such as `PutObject`.
    public let operation: String
    /// The service's own name of the fault, such as `SlowDown`; the transport's code where there was no response.
    public let code: String
    /// What the service or the transport said; holds no payload and no secret.
    public let message: String
    /// What to do about it; empty if there is nothing to say.
    public let advice: String
    /// The status code; nil without a response.
    public let status: Int?
    /// The service's id of the request, for its support.
    public let requestID: String?
    /// Whether the service may have done what was asked: false only if it certainly did not, in any of the attempts.
    public let mayHaveActed: Bool
    /// Requests sent.
    public let attempts: Int
    /// How long the service asks to be left alone, in milliseconds, counted from its reply; nil if it does not say.
    public let retryAfterMs: Int64?

    /// An error.
    public init(
        _ kind: Kind, service: String, operation: String, code: String, message: String, advice: String = "",
        status: Int? = nil, requestID: String? = nil, mayHaveActed: Bool, attempts: Int = 1,
        retryAfterMs: Int64? = nil
    ) {
        self.kind = kind
        self.service = service
        self.operation = operation
        self.code = code
        self.message = message
        self.advice = advice
        self.status = status
        self.requestID = requestID
        self.mayHaveActed = mayHaveActed
        self.attempts = attempts
        self.retryAfterMs = retryAfterMs
    }
}

extension ServiceError: CustomStringConvertible {
    /// One line, safe to log: service, operation, fault, request id, and what to do.
    public var description: String {
        var text = "\(service) \(operation): \(code)"
        if let status { text += " [\(status)]" }
        if !message.isEmpty { text += ": \(message)" }
        if let requestID { text += " (request \(requestID))" }
        if attempts > 1 { text += " after \(attempts) attempts" }
        if !advice.isEmpty { text += "; \(advice)" }
        return text
    }
}
