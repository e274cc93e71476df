/// How an invocation of a function ended, as the service sees it.
public enum InvocationOutcome: Equatable, Sendable {
    /// The function replied: what it said.
    case reply([UInt8])
    /// The function reported an error.
    case functionError
    /// The function did not reply in its time.
    case timeout
    /// The function's process ended.
    case crash
    /// The function was not called, as too many run already: no attempt is counted.
    case throttled
}
