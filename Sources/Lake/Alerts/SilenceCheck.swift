internal import Iceberg
internal import LambdaRuntime

/// Looks for keys of one source that no reading has come of for too long: as long as the stream's clock and this function's
/// tell. A device whose own clock is wrong is not silent.
struct SilenceCheck {
    /// What a check came to.
    struct Report: Equatable {
        /// Keys that are known.
        var keys = 0
        /// Silences that are told now.
        var alerts = 0
        /// Silences that a cool-down suppressed.
        var suppressed = 0
        /// Alerts that are in the table alone, as too many are pending or for too long.
        var givenUp = 0
    }

    private let lake: Lake
    private let stream: StreamDefinition
    private let alerts: AlertsDefinition
    private let rules: AlertRules
    private let source: String
    private let outbox: AlertOutbox

    init(
        _ stream: StreamDefinition, _ alerts: AlertsDefinition, source: String, lake: Lake, _ outbox: AlertOutbox
    ) {
        self.lake = lake
        self.stream = stream
        self.alerts = alerts
        self.source = source
        self.outbox = outbox
        rules = AlertRules(alerts)
    }

    /// Commits the silences that have not been told; nothing if there are none.
    /// - Parameter nowMs: in milliseconds since the epoch.
    func run(nowMs: Int64, until deadline: WorkDeadline) throws -> Report {
        let table = try lake.table(alerts.table)
        return try table.retryingStaleOffsets { _ in
            let metadata = try table.metadata
            let states = AlertStates(rules, stream: stream.name, in: metadata)
            let shards = states.sources { $0 == source }.first?.shards ?? []
            var report = Report()
            var summary: [String: String] = [:]
            let seen = try lastSeen(shards, states, nowMs, &summary)
            report.keys = seen.count
            var state = try states.silence(source)
            let before = state
            var detector = SilenceDetector(rules, told: state.rules)
            let found = detector.find(among: seen, nowMs: nowMs).map { alert($0, nowMs) }
            state.rules = detector.told
            report.suppressed = detector.suppressed
            (state.pending, report.givenUp) = outbox.pending(state.pending, and: found, nowMs: nowMs)
            if state != before { summary[AlertStates.silenceName(source)] = state.serialized() }
            guard !summary.isEmpty else { return report }
            // The entries of the shards are set to what they are, so that the commit is refused as stale if a reading of a
            // key that seems silent has been committed meanwhile.
            for shard in Set(found.map(\.shard)) {
                let name = AlertStates.name(source, shard)
                if summary[name] == nil { summary[name] = metadata.inheritedState(name) }
            }
            let columns = try AlertColumns(
                lake.columnDecodings(alerts.table, metadata).map(\.field), of: alerts.table)
            var append = Append(encodedFor: metadata, summary: summary)
            append.files = try DataFileEncoder(metadata, threads: lake.encodingThreads)
                .files(of: columns.rows(found), named: lake.uniqueName())
            append.deadlineMs = deadline.commitMs
            _ = try table.append(append)
            report.alerts = found.count
            return report
        }
    }

    /// The keys of all shards. What shards know of keys that have been away for too long goes, so that a shard that is
    /// closed does not keep it for ever.
    private func lastSeen(
        _ shards: [String], _ states: AlertStates, _ nowMs: Int64, _ summary: inout [String: String]
    ) throws(IcebergError) -> [String: SilenceDetector.Seen] {
        var seen: [String: SilenceDetector.Seen] = [:]
        for shard in shards {
            var state = try states.shard(source, shard)
            var detector = AnomalyDetector(rules, keys: state.keys)
            detector.forget(at: nowMs)
            if detector.keys.count < state.keys.count {
                state.keys = detector.keys
                summary[AlertStates.name(source, shard)] = state.serialized(rules)
            }
            for (key, known) in state.keys where known.arrivalMs > seen[key]?.arrivalMs ?? .min {
                seen[key] = SilenceDetector.Seen(arrivalMs: known.arrivalMs, shard: shard)
            }
        }
        return seen
    }

    private func alert(_ finding: SilenceDetector.Finding, _ nowMs: Int64) -> Alert {
        let (rule, last) = (rules.silence[finding.rule], finding.last)
        let words =
            "no reading of \(finding.key) has come since \(AlertWords.time(us: last.arrivalMs * 1000)), for more than "
            + AlertWords.duration(ms: rule.afterMs)
        return Alert(
            rule: rule.rule.name, kind: rule.rule.kindName, key: finding.key, column: nil,
            value: Double(nowMs - last.arrivalMs) / 1000, bound: Double(rule.afterMs) / 1000, message: words,
            readingUs: last.arrivalMs * 1000, detectedMs: ArrivalTime.clamped(nowMs), stream: stream.name,
            shard: last.shard, sequenceNumber: nil)
    }
}
