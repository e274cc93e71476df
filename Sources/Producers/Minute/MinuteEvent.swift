package import Lake
public import LambdaRuntime
internal import AWS
internal import JSON

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

    /// When the schedule meant the run to begin: `<aws.scheduler.scheduled-time>`.
    static let scheduledTime = "scheduledTime"
    /// How many steps at most, for runs by hand.
    static let steps = "steps"

    /// Reads an event.
    /// - Parameters:
    ///   - known: the names of the job's own options.
    ///   - nowMs: the time, in milliseconds since the epoch.
    /// - Throws: `EventError` for what is no object, or has a member that the job does not know or cannot use.
    public init(_ event: JSONEvent, options known: [String] = [], nowMs: Int64) throws(EventError) {
        input = try ScheduledInput(event, options: [Self.scheduledTime, Self.steps] + known)
        executionID = input.executionID
        limit = try input.number(Self.steps, in: 1...60_000) ?? .max
        var scheduled: Int64?
        if let text = try input.text(Self.scheduledTime) {
            guard let time = Timestamp.milliseconds(text) else {
                throw EventError(
                    .badValue, Self.scheduledTime,
                    "must be a time such as 2026-01-31T23:59:00Z; in Scheduler's input: <aws.scheduler.scheduled-time>")
            }
            scheduled = time
        } else if event.value["source"]?.string != nil, event.value["detail-type"]?.string != nil {
            // An event of EventBridge's own, whose time is the schedule's.
            scheduled = event.value["time"]?.string.flatMap(Timestamp.milliseconds)
        }
        minute = Minute(scheduledMs: scheduled, nowMs: nowMs)
    }
}
