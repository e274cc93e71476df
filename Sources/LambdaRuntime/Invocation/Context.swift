public import Logging

/// What a handler may know about its invocation, beside the event.
public struct Context: Sendable {
    /// The invocation's id.
    public let requestID: String
    /// When Lambda stops the function, in milliseconds since the epoch; `Int64.max` if the API did not say.
    public let deadlineMilliseconds: Int64
    /// The ARN by which the function was called, with its version or alias; empty if the API did not say.
    public let invokedFunctionARN: String
    /// The X-Ray trace header, also in the environment as `_X_AMZN_TRACE_ID`.
    public let traceID: String?
    /// The mobile SDK's client context, as JSON text.
    public let clientContext: String?
    /// The Cognito identity of the caller, as JSON text.
    public let cognitoIdentity: String?
    /// The tenant, for functions with tenant isolation.
    public let tenantID: String?
    /// A logger whose lines carry the request id.
    public let log: Logger
    /// Metrics, written as EMF lines when the handler returns.
    public let metrics: Metrics
    /// The clock that ``remainingMilliseconds`` reads.
    public let clock: WallClock

    /// A context. Functions get theirs from the loop; this is for their tests.
    public init(
        requestID: String, deadlineMilliseconds: Int64 = .max, invokedFunctionARN: String = "",
        traceID: String? = nil, clientContext: String? = nil, cognitoIdentity: String? = nil,
        tenantID: String? = nil, log: Logger, metrics: Metrics, clock: WallClock = .system
    ) {
        self.requestID = requestID
        self.deadlineMilliseconds = deadlineMilliseconds
        self.invokedFunctionARN = invokedFunctionARN
        self.traceID = traceID
        self.clientContext = clientContext
        self.cognitoIdentity = cognitoIdentity
        self.tenantID = tenantID
        self.log = log
        self.metrics = metrics
        self.clock = clock
    }

    /// Milliseconds until Lambda stops the function; zero once the deadline has passed.
    public var remainingMilliseconds: Int64 {
        let (remaining, overflows) = deadlineMilliseconds.subtractingReportingOverflow(clock.milliseconds)
        return overflows ? (deadlineMilliseconds > 0 ? .max : 0) : max(0, remaining)
    }
}
