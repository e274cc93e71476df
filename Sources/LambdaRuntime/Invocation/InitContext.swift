public import Logging

/// What a function may know while it initialises, before its first event.
public struct InitContext: Sendable {
    /// The process's environment.
    public let environment: [String: String]
    /// A logger whose lines carry no request id.
    public let log: Logger
    /// Metrics, written as EMF lines when initialisation ends.
    public let metrics: Metrics
    /// The clock that later invocations read.
    public let clock: WallClock

    /// A context. Functions get theirs from the loop; this is for their tests.
    public init(environment: [String: String], log: Logger, metrics: Metrics, clock: WallClock = .system) {
        self.environment = environment
        self.log = log
        self.metrics = metrics
        self.clock = clock
    }
}
