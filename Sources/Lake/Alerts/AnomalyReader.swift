internal import Columnar
internal import Iceberg
internal import LambdaRuntime

/// Makes rows of anomalies: each record's reading is looked through by the rules, which go on from where the table's
/// snapshot left them, and back into the next one.
struct AnomalyReader: RecordReader, ~Copyable {
    /// What it finds beside the rows, for whoever reads on when the reader has been consumed.
    final class Findings {
        /// The alerts to publish, by shard.
        var alerts: [String: [Alert]] = [:]
        /// Anomalies that a cool-down suppressed.
        var suppressed = 0
        /// Alerts that are in the table alone, as too many are pending or for too long.
        var givenUp = 0
        /// Records without a key that rules could use.
        var unkeyed = 0
        /// Bytes of the state, and keys that it knows.
        var stateBytes = 0, keys = 0
    }

    /// Whose alerts they are.
    struct Source {
        /// Name of the stream in the definition.
        let stream: String
        /// Identity of the source: the stream's ARN.
        let identity: String
        /// When the invocation began, in milliseconds since the epoch.
        let nowMs: Int64
        /// What is still to be published of alerts that were pending and of new ones, and how many are given up.
        let pending: ([Alert], [Alert]) -> (alerts: [Alert], givenUp: Int)
    }

    private let rules: AlertRules
    private let columns: AlertColumns
    private let readings: ReadingColumns
    private let source: Source
    private let findings: Findings
    private var reader: RowReader
    private var row: RecordBatch
    private var reading: AnomalyDetector.Reading
    private var detectors: [String: AnomalyDetector]
    private var pending: [String: [Alert]] = [:]
    private let neighbours: [ShardState]
    private var newestMs: [String: Int64] = [:]

    /// - Parameters:
    ///   - states: of the table as it is now.
    ///   - shards: of every record that will be read.
    /// - Throws: ``IcebergError/Code/malformed`` if the stored state of these shards is damaged.
    init(
        _ rules: AlertRules, into columns: AlertColumns, of readings: ReadingColumns, _ source: Source,
        _ states: AlertStates, shards: [String], _ findings: Findings
    ) throws(IcebergError) {
        var detectors: [String: AnomalyDetector] = [:]
        var pending: [String: [Alert]] = [:]
        for shard in shards {
            let state = try states.shard(source.identity, shard)
            detectors[shard] = AnomalyDetector(rules, keys: state.keys)
            pending[shard] = state.pending
        }
        self.rules = rules
        self.columns = columns
        self.readings = readings
        self.source = source
        self.findings = findings
        self.detectors = detectors
        self.pending = pending
        neighbours = states.neighbours(source.identity, except: shards)
        reader = RowReader(readings.decodings)
        row = RecordBatch(readings.decodings.map(\.field), capacity: 1)
        reading = readings.empty
    }

    var fields: [Field] { columns.fields }

    var counts: ReaderCounts { ReaderCounts() }

    var state: [String: String] {
        var entries: [String: String] = [:]
        for (shard, newestMs) in newestMs {
            guard var detector = detectors[shard] else { continue }
            detector.forget(at: newestMs)
            let open = source.pending(pending[shard] ?? [], findings.alerts[shard] ?? [])
            let text = ShardState(keys: detector.keys, pending: open.alerts).serialized(rules)
            entries[AlertStates.name(source.identity, shard)] = text
            findings.suppressed += detector.suppressed
            findings.givenUp += open.givenUp
            findings.stateBytes += text.utf8.count
            findings.keys += detector.keys.count
        }
        return entries
    }

    mutating func read(
        _ record: some SourceRecord, payload: Base64View, of shard: String, into batch: RecordBatch
    ) throws(RecordError) {
        row.truncate(to: 0)
        try reader.read(record, payload: payload, of: shard, into: row)
        take(record, shard, batch)
    }

    /// Takes the row of a record that has been decoded.
    private mutating func take(_ record: some SourceRecord, _ shard: String, _ batch: RecordBatch) {
        let arrivalMs = ArrivalTime.clamped(record.knownTimestampMs ?? source.nowMs)
        guard readings.fill(&reading, from: row, row: 0, arrivalMs: arrivalMs) else {
            findings.unkeyed += 1
            return
        }
        newestMs[shard] = max(newestMs[shard] ?? 0, arrivalMs)
        let (rules, reading, neighbours) = (rules, reading, neighbours)
        let found = detectors[shard, default: AnomalyDetector(rules)].take(reading) { key in
            neighbours.compactMap { $0.keys[key] }.max { $0.arrivalMs < $1.arrivalMs }
        }
        for finding in found { tell(finding, of: record, shard, batch) }
    }

    private func tell(
        _ finding: AnomalyDetector.Finding, of record: some SourceRecord, _ shard: String, _ batch: RecordBatch
    ) {
        let rule = rules.reading[finding.rule].rule
        let alert = Alert(
            rule: rule.name, kind: rule.kindName, key: reading.key, column: rule.column, value: finding.value,
            bound: finding.bound, message: finding.message(rule, key: reading.key), readingUs: reading.timeUs,
            detectedMs: ArrivalTime.clamped(source.nowMs), stream: source.stream, shard: shard,
            sequenceNumber: record.offsetDigits.string)
        findings.alerts[shard, default: []].append(alert)
        columns.append(alert, to: batch)
    }
}
