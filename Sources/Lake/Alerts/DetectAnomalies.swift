internal import Iceberg
internal import JSON
public import LambdaRuntime

/// The function detect-anomalies: alerts about readings that the rules of the lake's definition find unusual, each once in
/// the table of alerts, and published to a topic.
///
/// Called with a batch of a Kinesis stream, it looks through the records and replies with the first one that is not
/// committed, as kinesis-ingest does. Called by a schedule, it looks for keys that have become silent, and publishes what
/// could not be published before.
public struct DetectAnomalies: LambdaHandler {
    /// What the function is called with.
    public typealias Event = DetectionEvent

    private let lake: Lake
    private let topic: AlertTopic?
    private var definitions: [String: (stream: StreamDefinition, alerts: AlertsDefinition)] = [:]
    private var open: [Key: AnomalyDetection] = [:]

    /// One source of one stream.
    private struct Key: Hashable {
        let stream: String
        let source: String
    }

    /// Alerts of shards that are younger, in milliseconds, are left to the function that has just found them.
    private static let takeoverMs: Int64 = 120_000
    private static let streamOption = "stream"

    /// A handler that writes to this lake, and publishes to the topic that `ALERTS_TOPIC_ARN` names, if it is set. Tables of
    /// alerts that exist are loaded now.
    /// - Throws: ``JobError`` if no stream of the definition has rules; ``ConfigurationError`` if the topic's ARN is none.
    public init(lake: Lake, _ context: InitContext) throws {
        let topic = try AlertTopic(context.environment) { () throws(IcebergError) in try lake.client() }
        try self.init(lake: lake, topic)
        var tables: [TableIdentifier] = []
        for (_, alerts) in watched where !tables.contains(alerts.table) { tables.append(alerts.table) }
        lake.prepare(tables, context)
    }

    init(lake: Lake, _ topic: AlertTopic?) throws(JobError) {
        self.lake = lake
        self.topic = topic
        guard !watched.isEmpty else {
            throw JobError(
                .alerts(.unknownStream),
                "no stream of lake.json has rules: say in \"alerts\" of a stream what is an anomaly")
        }
    }

    /// Takes one batch of records, or looks for silence.
    /// - Throws: ``JobError`` for a stream that has no rules or that was recreated, and for a check that could not be made
    ///   or whose alerts could not be published; `EventError` for options that the job does not know.
    public mutating func handle(_ event: DetectionEvent, _ context: Context) throws -> LambdaResponse {
        let deadline = WorkDeadline(context)
        lake.deadline.milliseconds = deadline.requestMs
        switch event {
        case .records(let batch): return try detect(batch, deadline, context)
        case .schedule(let event):
            return try check(ScheduledInput(event, options: [Self.streamOption]), deadline, context)
        }
    }

    /// The streams that have rules.
    private var watched: [(stream: StreamDefinition, alerts: AlertsDefinition)] {
        lake.definition.streams.compactMap { stream in stream.alerts.map { (stream, $0) } }
    }

    // MARK: - Records

    private mutating func detect(
        _ batch: KinesisEvent, _ deadline: WorkDeadline, _ context: Context
    ) throws -> LambdaResponse {
        var failures: [ShardPosition] = []
        for (arn, shards) in batch.recordsByStream {
            let (stream, alerts) = try definition(of: arn)
            let report = try detection(stream, alerts, arn).detect(shards, until: deadline, context)
            report.log(stream: stream.name, context)
            failures += report.ingest.firstUncommitted
        }
        return KinesisBatchReply(firstFailure: failures.map(\.offset).min()?.description).response
    }

    private mutating func definition(
        of arn: String
    ) throws(JobError) -> (stream: StreamDefinition, alerts: AlertsDefinition) {
        if let known = definitions[arn] { return known }
        guard let stream = lake.definition.stream(kinesisARN: arn), let alerts = stream.alerts else {
            let known = watched.map(\.stream.name).joined(separator: ", ")
            throw JobError(
                .alerts(.unknownStream),
                "no stream of the definition with alerts takes records of \(arn); it has: \(known)")
        }
        definitions[arn] = (stream, alerts)
        return (stream, alerts)
    }

    private mutating func detection(
        _ stream: StreamDefinition, _ alerts: AlertsDefinition, _ source: String
    ) throws(IcebergError) -> AnomalyDetection {
        let key = Key(stream: stream.name, source: source)
        if let known = open[key] { return known }
        let new = try AnomalyDetection(stream, alerts, source: source, lake: lake, topic)
        open[key] = new
        return new
    }

    // MARK: - Silence

    private mutating func check(
        _ input: ScheduledInput, _ deadline: WorkDeadline, _ context: Context
    ) throws -> LambdaResponse {
        let name = try input.text(Self.streamOption)
        let streams = watched.filter { name == nil || $0.stream.name == name }
        guard !streams.isEmpty else {
            let known = watched.map(\.stream.name).joined(separator: ", ")
            throw JobError(
                .alerts(.unknownStream),
                "no stream of the definition with alerts is named as \"\(Self.streamOption)\" says; it has: \(known)")
        }
        var reports: [SilenceReport] = []
        var failures: [any Error] = []
        for (stream, alerts) in streams {
            var report = SilenceReport(stream: stream.name)
            do {
                try check(stream, alerts, deadline, context, &report)
            } catch {
                if (error as? IcebergError)?.code == .notFound { lake.forgetTables() }
                failures.append(error)
            }
            report.log(context)
            reports.append(report)
            if let error = report.outbox.error {
                failures.append(JobError(.alerts(.notPublished), "\(stream.name): alerts are not published: \(error)"))
            }
        }
        guard failures.isEmpty else { throw JobError(all: failures, mixed: .alerts(.notChecked)) }
        return SilenceReport.response(reports)
    }

    private mutating func check(
        _ stream: StreamDefinition, _ alerts: AlertsDefinition, _ deadline: WorkDeadline, _ context: Context,
        _ report: inout SilenceReport
    ) throws {
        let table = try lake.table(alerts.table)
        // Other processes take the readings: the version that is kept is always of before.
        try table.refresh()
        let states = AlertStates(AlertRules(alerts), stream: stream.name, in: try table.metadata)
        for (source, shards) in states.sources(where: takes(stream)) {
            let outbox = try detection(stream, alerts, source).outbox
            let nowMs = context.clock.milliseconds
            let found = try SilenceCheck(stream, alerts, source: source, lake: lake, outbox)
                .run(nowMs: nowMs, until: deadline)
            report.add(found)
            report.add(
                try outbox.publish(
                    [.silence] + shards.map { .shard($0) }, minimumAgeMs: Self.takeoverMs, until: deadline, nowMs: nowMs
                ))
        }
    }

    /// Whether a source is the stream's: two streams may keep their alerts in one table.
    private func takes(_ stream: StreamDefinition) -> (String) -> Bool {
        { [definition = lake.definition] in definition.stream(kinesisARN: $0)?.name == stream.name }
    }
}
