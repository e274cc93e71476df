public import JSON
public import LambdaRuntime

/// What became of one run's minute.
public struct MinuteReport: Equatable, Sendable {
    /// The minute.
    public let minute: Minute
    /// Steps begun.
    public var steps = 0
    /// Steps that threw.
    public var failed = 0
    /// Steps left out, because the run began late or the step before took too long.
    public var skipped = 0
    /// Whether the minute was over before the run began.
    public var isLate = false
    /// The longest time from when a step was due until it began, in milliseconds.
    public var longestDelayMs: Int64 = 0
    /// What the last step that threw said.
    public var lastError: String?

    /// The report of a minute in which nothing happened yet.
    public init(minute: Minute) { self.minute = minute }

    /// Writes the members of a reply that are the same for all such jobs: `steps`, `failed`, `skipped`, `late`, and the
    /// last error if there was one.
    public func write(to reply: inout JSONWriter) {
        reply.member("steps", steps)
        reply.member("failed", failed)
        reply.member("skipped", skipped)
        reply.member("late", isLate)
        if let lastError { reply.member("lastError", lastError) }
    }

    /// Counts what all such jobs count: `StepsFailed`, `StepsSkipped`, `RunsLate`.
    public func count(in metrics: Metrics, job: String) {
        for (name, value) in [("StepsFailed", failed), ("StepsSkipped", skipped), ("RunsLate", isLate ? 1 : 0)] {
            metrics.put(name, value, dimensions: ["Job": job])
        }
    }
}
