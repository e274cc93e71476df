internal import AWS
internal import Iceberg

/// Publishes the alerts of one source that the table calls pending, and takes them out of its state.
///
/// An alert is pending from the commit that holds its row until another commit says that it was published. So none is lost
/// if the process ends in between, and one may be published twice: by the process that ended, and by the one that finds it.
final class AlertOutbox {
    /// What came of publishing.
    struct Outcome {
        /// Alerts that the topic took.
        var published = 0
        /// Alerts that are left to the next invocation.
        var left = 0
        /// Alerts that nobody publishes any more.
        var givenUp = 0
        /// Why some are left: the first reason.
        var error: (any Error)?
        /// Why the state still calls published alerts pending.
        var unsettled: (any Error)?
    }

    /// An entry of the state that has pending alerts.
    enum Entry: Hashable {
        case shard(String)
        case silence
    }

    private let lake: Lake
    private let table: TableIdentifier
    private let rules: AlertRules
    private let stream: String
    private let source: String
    private let topic: AlertTopic?
    /// What this process has published and the state may still call pending: when it was found, by the alert's id, in
    /// milliseconds since the epoch. Another function may settle it, so that it is kept no longer than an alert is pending.
    private(set) var published: [String: Int64] = [:]

    /// An alert that could not be published for so long, in milliseconds, is given up: its row stays in the table.
    static let patienceMs: Int64 = 86_400_000
    /// The most alerts that an entry of the state holds, as every snapshot repeats them: new ones beyond are given up.
    static let mostPending = 1000

    init(_ lake: Lake, _ definition: StreamDefinition, _ alerts: AlertsDefinition, source: String, _ topic: AlertTopic?)
    {
        self.lake = lake
        table = alerts.table
        rules = AlertRules(alerts)
        stream = definition.name
        self.source = source
        self.topic = topic
    }

    /// Whether alerts are published at all.
    var publishes: Bool { topic != nil }

    /// Whether an alert that the state calls pending has yet to be published.
    func isPending(_ alert: Alert, nowMs: Int64) -> Bool {
        publishes && nowMs - alert.detectedMs < Self.patienceMs && published[alert.id] == nil
    }

    /// What an entry of the state holds after new alerts: what is still to be published, the oldest first.
    /// - Returns: the alerts, and how many of them all are given up.
    func pending(_ known: [Alert], and new: [Alert], nowMs: Int64) -> (alerts: [Alert], givenUp: Int) {
        guard publishes else { return ([], 0) }
        let alerts = known.filter { isPending($0, nowMs: nowMs) } + new
        let kept = Array(alerts.prefix(Self.mostPending))
        return (kept, known.count { isOverdue($0, nowMs) } + alerts.count - kept.count)
    }

    private func isOverdue(_ alert: Alert, _ nowMs: Int64) -> Bool {
        nowMs - alert.detectedMs >= Self.patienceMs && published[alert.id] == nil
    }

    /// Publishes what is pending, as far as the deadline lets it.
    /// - Parameters:
    ///   - entries: where to look, of the version of the table that is known.
    ///   - minimumAgeMs: alerts that were found since so long are left alone: whoever found them is about to publish them.
    ///     By entry; none for those without.
    func publish(
        _ entries: [Entry], minimumAgeMs: Int64 = 0, until deadline: WorkDeadline, nowMs: Int64
    ) throws -> Outcome {
        var outcome = Outcome()
        guard let topic else { return outcome }
        let table = try lake.table(table)
        let states = AlertStates(rules, stream: stream, in: try table.metadata)
        var changed: [Entry] = []
        var isDown = false
        for entry in entries {
            let pending = try self.pending(entry, states)
            outcome.givenUp += pending.count { isOverdue($0, nowMs) }
            let age = entry == .silence ? 0 : minimumAgeMs
            for alert in pending where isPending(alert, nowMs: nowMs) {
                guard nowMs - alert.detectedMs >= age else { continue }
                guard !isDown, !deadline.hasPassed else {
                    outcome.left += 1
                    continue
                }
                do {
                    try topic.publish(alert)
                    published[alert.id] = alert.detectedMs
                    outcome.published += 1
                } catch {
                    outcome.error = outcome.error ?? error
                    outcome.left += 1
                    // What the topic refuses about one alert says nothing about those behind it.
                    isDown = (error as? ServiceError)?.kind != .invalid
                }
            }
            if pending.contains(where: { !isPending($0, nowMs: nowMs) }) { changed.append(entry) }
        }
        do {
            if !changed.isEmpty { try settle(changed, in: table, deadline, nowMs: nowMs) }
        } catch {
            // They are dropped with the next commit; this process knows that it published them.
            outcome.unsettled = error
        }
        published = published.filter { nowMs - $0.value < Self.patienceMs }
        return outcome
    }

    /// Takes what was published out of the state.
    private func settle(_ entries: [Entry], in table: Table, _ deadline: WorkDeadline, nowMs: Int64) throws {
        let settled = try table.retryingStaleOffsets { _ in
            let metadata = try table.metadata
            let states = AlertStates(rules, stream: stream, in: metadata)
            var summary: [String: String] = [:]
            var settled: Set<String> = []
            for entry in entries {
                switch entry {
                case .shard(let shard):
                    var state = try states.shard(source, shard)
                    guard removePublished(from: &state.pending, nowMs, &settled) else { continue }
                    summary[AlertStates.name(source, shard)] = state.serialized(rules)
                case .silence:
                    var state = try states.silence(source)
                    guard removePublished(from: &state.pending, nowMs, &settled) else { continue }
                    summary[AlertStates.silenceName(source)] = state.serialized()
                }
            }
            guard !summary.isEmpty else { return settled }
            var append = Append(encodedFor: metadata, summary: summary)
            append.deadlineMs = deadline.commitMs
            _ = try table.append(append)
            return settled
        }
        for id in settled { published[id] = nil }
    }

    /// - Parameter settled: gets the ids of those that are removed.
    /// - Returns: whether there was any.
    private func removePublished(from pending: inout [Alert], _ nowMs: Int64, _ settled: inout Set<String>) -> Bool {
        let done = pending.filter { !isPending($0, nowMs: nowMs) }
        settled.formUnion(done.map(\.id))
        pending.removeAll { !isPending($0, nowMs: nowMs) }
        return !done.isEmpty
    }

    private func pending(_ entry: Entry, _ states: AlertStates) throws(IcebergError) -> [Alert] {
        switch entry {
        case .shard(let shard): try states.shard(source, shard).pending
        case .silence: try states.silence(source).pending
        }
    }
}
