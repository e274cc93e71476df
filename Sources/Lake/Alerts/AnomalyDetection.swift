internal import Iceberg
internal import LambdaRuntime

/// Looks through the records of one source: decode what is new, commit the alerts with the state that the next records go on
/// from, publish the alerts.
final class AnomalyDetection: SourceIngest {
    let lake: Lake
    let outbox: AlertOutbox
    private let stream: StreamDefinition
    private let alerts: AlertsDefinition
    private let rules: AlertRules
    private let source: String
    private let readings: ReadingColumns
    /// What the last commit found, or the try for one.
    private var findings = AnomalyReader.Findings()

    /// - Parameters:
    ///   - source: identity of the source, the stream's ARN.
    ///   - topic: where alerts are published; nil for nowhere.
    /// - Throws: ``IcebergError/Code/invalid`` or ``IcebergError/Code/notFound`` if the rules do not fit the table of the
    ///   definition.
    init(
        _ stream: StreamDefinition, _ alerts: AlertsDefinition, source: String, lake: Lake, _ topic: AlertTopic?
    ) throws(IcebergError) {
        guard let table = lake.definition.table(stream.table) else {
            throw IcebergError(.notFound, "the definition has no such table", at: "\(stream.table)")
        }
        self.stream = stream
        self.alerts = alerts
        self.source = source
        self.lake = lake
        rules = AlertRules(alerts)
        readings = try ReadingColumns(rules, alerts, of: table)
        outbox = AlertOutbox(lake, stream, alerts, source: source, topic)
    }

    /// Takes these records, as far as the deadline and the tables let it, and publishes what they and earlier ones of their
    /// shards have found. What cannot be published is not lost, and no reason to stop the shard.
    /// - Throws: ``JobError`` for records that nothing may be taken of, however often they come.
    func detect(
        _ shards: [ShardRecords<some SourceRecord>], until deadline: WorkDeadline, _ context: Context
    ) throws -> DetectionReport {
        var report = DetectionReport()
        findings = AnomalyReader.Findings()
        report.ingest = try ingest(shards, until: deadline, context)
        report.suppressed = findings.suppressed
        report.unkeyed = findings.unkeyed
        report.stateBytes = findings.stateBytes
        report.keys = findings.keys
        if case .fault = report.ingest.reason { return report }
        do {
            report.outbox = try outbox.publish(
                shards.map { .shard($0.shard) }, until: deadline, nowMs: context.clock.milliseconds)
        } catch {
            report.outbox.error = error
        }
        report.outbox.givenUp += findings.givenUp
        return report
    }

    func take<Record: SourceRecord>(
        _ shards: [ShardRecords<Record>], until deadline: WorkDeadline, _ context: Context, _ report: inout IngestReport
    ) throws {
        let nowMs = context.clock.milliseconds
        let table = try lake.table(alerts.table)
        try table.retryingStaleOffsets { attempt in
            try table.refresh(ifTaken: shards, of: source)
            let metadata = try table.metadata
            let watermarks = try table.watermarks(of: source)
            let columns = try AlertColumns(
                lake.columnDecodings(alerts.table, metadata).map(\.field), of: alerts.table)
            findings = AnomalyReader.Findings()
            let reader = try AnomalyReader(
                rules, into: columns, of: readings,
                AnomalyReader.Source(
                    stream: stream.name, identity: source, nowMs: nowMs,
                    pending: { [outbox] in outbox.pending($0, and: $1, nowMs: nowMs) }),
                AlertStates(rules, stream: stream.name, in: metadata), shards: shards.map(\.shard), findings)
            // Records that cannot be decoded are the business of the function that fills the stream's table.
            var taker = RecordTaker(reader, policy: .drop)
            let taken = try taker.take(shards, above: watermarks, until: deadline)
            report.recomputed = attempt
            report.firstUncommitted = taken.firstNew
            report.replayed = taken.replayed
            report.dropped = taken.dropped
            try commit(
                taken, of: Record.self, to: table, as: metadata, against: watermarks, until: deadline, &report)
        }
    }

    /// Nothing: what is kept of the table is the lake's.
    func forget() {}
}
