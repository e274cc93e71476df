public import Calendar

/// When a job is started: an expression of EventBridge Scheduler, and the time the schedule was made.
public struct Schedule: Equatable, Sendable {
    /// When.
    public let expression: ScheduleExpression
    /// When the schedule was made, in milliseconds since the epoch. A rate counts from here on, and is due here first.
    public let startMs: Int64

    /// A schedule.
    public init(_ expression: ScheduleExpression, startMs: Int64) {
        self.expression = expression
        self.startMs = startMs
    }

    /// A schedule of a text such as `rate(5 minutes)` or `cron(0 2 ? * SUN *)`.
    public init(parsing text: String, startMs: Int64) throws(ScheduleExpressionError) {
        self.init(try ScheduleExpression(parsing: text), startMs: startMs)
    }

    /// The first time after this one, and not before the start, that the job is due at, in milliseconds since the epoch;
    /// nil if there is none any more.
    public func next(afterMs: Int64) -> Int64? {
        expression.next(after: max(afterMs, startMs &- 1), startMs: startMs)
    }
}
