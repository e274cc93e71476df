internal import Calendar

/// The minute that one run of a job answers for. Minutes of runs that a schedule names follow each other without gap or
/// overlap, wherever within the clock's minute the schedule strikes and however late it delivers.
public struct Minute: Equatable, Sendable {
    /// Its first millisecond since the epoch: where the grid of its steps begins.
    public let startMs: Int64
    /// The first millisecond behind it.
    public var endMs: Int64 { startMs &+ Self.lengthMs }

    /// A minute in milliseconds.
    public static let lengthMs: Int64 = 60_000
    /// What is delivered later, in milliseconds, no schedule has sent: EventBridge Scheduler gives up after a day.
    static let longestDelayMs: Int64 = 86_400_000
    /// How far the clocks of a schedule and a function may be apart, in milliseconds.
    static let clockToleranceMs: Int64 = 5_000

    /// The minute from a time on, which lies within the years 0 to 9999.
    public init(startMs: Int64) { self.startMs = startMs }

    /// The minute of a run.
    /// - Parameters:
    ///   - scheduledMs: when the schedule meant it to begin: its minute is the one from there on, and may be over. Without
    ///     it, and if it can be no delivery of a schedule (more than a day old, or to come), the run has the clock's minute.
    ///   - nowMs: the time.
    public init(scheduledMs: Int64?, nowMs: Int64) {
        if let scheduledMs, scheduledMs <= nowMs + Self.clockToleranceMs, scheduledMs >= nowMs - Self.longestDelayMs {
            self.init(startMs: scheduledMs)
        } else {
            self.init(startMs: floorDivide(nowMs, Self.lengthMs) * Self.lengthMs)
        }
    }
}
