package import Lake
public import LambdaRuntime

/// What a schedule starts a job with that works for a minute: what EventBridge sends of itself, or an object with the
/// members below and the job's own options.
public struct MinuteEvent {
    /// The minute that the run answers for.
    public let minute: Minute
    /// What names the run, for logs; nil if the event names none.
    public let executionID: String?
    /// How many steps the run does at most.
    public let limit: Int
    /// The job's own options.
    package let input: ScheduledInput

    /// How many steps at most, for runs by hand.
    static let steps = "steps"

    /// Reads an event.
    /// - Parameters:
    ///   - known: the names of the job's own options.
    ///   - nowMs: the time, in milliseconds since the epoch.
    /// - Throws: `EventError` for what is no object, or has a member that the job does not know or cannot use.
    public init(_ event: JSONEvent, options known: [String] = [], nowMs: Int64) throws(EventError) {
        input = try ScheduledInput(event, options: [Self.steps] + known)
        executionID = input.executionID
        limit = try input.number(Self.steps, in: 1...60_000) ?? .max
        minute = Minute(scheduledMs: input.scheduledMs, nowMs: nowMs)
    }
}
