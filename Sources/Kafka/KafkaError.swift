/// What a cluster, or the way to it, refused.
public struct KafkaError: Error, Equatable, Sendable {
    /// The kind of fault, for code that decides.
    public enum Code: String, Sendable {
        /// The settings cannot be used.
        case configuration = "Configuration"
        /// No broker answers.
        case brokersDown = "BrokersDown"
        /// Who we say we are is not believed.
        case authenticationFailed = "AuthenticationFailed"
        /// Who the brokers say they are is not believed, or they speak no TLS.
        case tlsFailed = "TLSFailed"
        /// We may not do it.
        case notAuthorised = "NotAuthorised"
        /// The record is larger than the topic takes.
        case messageTooLarge = "MessageTooLarge"
        /// Too many records wait to be sent.
        case queueFull = "QueueFull"
        /// The topic does not exist.
        case unknownTopic = "UnknownTopic"
        /// It took longer than it may: whether it was done is not known.
        case timedOut = "TimedOut"
        /// Anything else that the cluster says.
        case refused = "Refused"
    }

    /// The kind of fault.
    public let code: Code
    /// What is wrong, where, and what to do; holds no secret.
    public let message: String

    /// An error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

extension KafkaError: CustomStringConvertible {
    /// Safe to log.
    public var description: String { message }
}
