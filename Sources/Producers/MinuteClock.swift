/// The time within which a job that a schedule starts every minute must be done, so that it never meets the next.
public struct MinuteClock: Equatable, Sendable {
    /// When the run began, in milliseconds since the epoch.
    public let startMs: Int64

    /// A run's time.
    public init(startMs: Int64) { self.startMs = startMs }
}
