public import JSON

/// When a job is started by the clock: EventBridge Scheduler does it on AWS, and `swiftlake up` on this machine.
public struct ScheduleDefinition: Equatable, Sendable {
    /// The name, unique.
    public let name: String
    /// The job, such as `optimize-tables`.
    public let job: String
    /// When, as EventBridge Scheduler writes it, in UTC: `rate(5 minutes)` or `cron(0 2 ? * SUN *)`.
    public let expression: String
    /// The object that the job is called with; nil for none.
    public let input: JSONValue?
}
