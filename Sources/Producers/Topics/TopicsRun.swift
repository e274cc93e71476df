internal import Kafka
internal import Lake

/// Brings the topics of one cluster up to a definition: what is missing is made; of what is there, it is said how it differs.
struct TopicsRun {
    /// The cluster.
    let cluster: any TopicCluster
    /// What is asked for.
    let options: TopicsOptions
    /// How long one question to the cluster may take now, in milliseconds.
    let patienceMs: () -> Int64

    /// Does it, or finds what would be done. What cannot be done of one topic stops no other.
    func report(_ plan: TopicPlan) -> TopicsReport {
        var report = TopicsReport(isDryRun: options.isDryRun)
        let meant = plan.entries.filter(options.includes)
        var outage: KafkaError?
        for entry in meant {
            report.outcomes.append(look(at: entry, &outage))
        }
        let wanted = Dictionary(meant.map { ($0.topic, $0.definition) }) { first, _ in first }
        compareRetention(&report, wanted)
        guard !options.isDryRun else { return report }
        create(&report, wanted)
        grow(&report, wanted)
        return report
    }

    /// Finds whether a topic is there. Where the cluster itself is the fault, it is not asked again for every other.
    private func look(at entry: TopicPlan.Entry, _ outage: inout KafkaError?) -> TopicOutcome {
        var outcome = TopicOutcome(topic: entry.topic, action: .existing)
        if let reason = entry.reasonToSkip {
            outcome.action = .skipped
            outcome.notes.append(reason)
            return outcome
        }
        do throws(KafkaError) {
            if let outage { throw outage }
            guard let found = try cluster.describe(entry.topic, withinMs: patienceMs()) else {
                outcome.action = .created
                return outcome
            }
            compare(found, entry.definition, &outcome)
        } catch {
            if Self.concernsAll(error) { outage = error }
            outcome.action = .failed
            outcome.fault = error.message
        }
        return outcome
    }

    private func compare(_ found: TopicDescription, _ declared: TopicDefinition, _ outcome: inout TopicOutcome) {
        if found.partitions < declared.partitions, options.growsPartitions {
            outcome.action = .grown
            outcome.notes.append("partitions: \(found.partitions) before, \(declared.partitions) now")
        } else if found.partitions != declared.partitions {
            let advice =
                found.partitions < declared.partitions ? "; growPartitions adds some" : "; none are ever taken away"
            outcome.differences.append(
                "partitions: \(found.partitions), declared \(declared.partitions)\(advice)")
        }
        if let replication = declared.replication, replication != found.replication {
            outcome.differences.append("replication: \(found.replication), declared \(replication)")
        }
        if !outcome.differences.isEmpty, outcome.action == .existing { outcome.action = .different }
    }

    /// Compares how long records are kept, of the topics that are there and say so in the definition.
    private func compareRetention(_ report: inout TopicsReport, _ wanted: [String: TopicDefinition]) {
        let places = report.outcomes.indices.filter { place in
            let outcome = report.outcomes[place]
            return [.existing, .different, .grown].contains(outcome.action)
                && wanted[outcome.topic]?.retentionMs != nil
        }
        guard !places.isEmpty else { return }
        let answers = Self.each(places.count) { () throws(KafkaError) in
            try cluster.retention(of: places.map { report.outcomes[$0].topic }, withinMs: patienceMs())
        }
        for (place, answer) in zip(places, answers) {
            guard let declared = wanted[report.outcomes[place].topic]?.retentionMs else { continue }
            switch answer {
            case .success(let found?) where found != declared:
                report.outcomes[place].differences.append(
                    "retention: \(Self.text(found)), declared \(Self.text(declared))")
                if report.outcomes[place].action == .existing { report.outcomes[place].action = .different }
            case .success(_?): break
            case .success(nil):
                report.outcomes[place].notes.append("the cluster does not say how long records are kept")
            case .failure(let error):
                report.outcomes[place].notes.append("how long records are kept is not known: \(error.message)")
            }
        }
    }

    private func create(_ report: inout TopicsReport, _ wanted: [String: TopicDefinition]) {
        let places = report.outcomes.indices.filter { report.outcomes[$0].action == .created }
        guard !places.isEmpty else { return }
        let topics = places.map { place in
            let topic = report.outcomes[place].topic
            let definition = wanted[topic] ?? .standard
            return TopicSpecification(
                topic, partitions: definition.partitions, replication: definition.replication,
                retentionMs: definition.retentionMs)
        }
        let answers = Self.each(places.count) { () throws(KafkaError) in
            try cluster.create(topics, withinMs: patienceMs())
        }
        for (place, answer) in zip(places, answers) {
            switch answer {
            case .success(.created): break
            case .success(.existed):
                report.outcomes[place].action = .existing
                report.outcomes[place].notes.append("somebody else made it meanwhile; the next run compares it")
            case .failure(let error): report.outcomes[place].fail(error)
            }
        }
    }

    private func grow(_ report: inout TopicsReport, _ wanted: [String: TopicDefinition]) {
        let places = report.outcomes.indices.filter { report.outcomes[$0].action == .grown }
        guard !places.isEmpty else { return }
        let topics = places.map { place in
            let topic = report.outcomes[place].topic
            return (name: topic, partitions: (wanted[topic] ?? .standard).partitions)
        }
        let answers: [Result<Void, KafkaError>] = Self.each(places.count) { () throws(KafkaError) in
            try cluster.grow(topics, withinMs: patienceMs()).map { $0.map { .failure($0) } ?? .success(()) }
        }
        for (place, answer) in zip(places, answers) {
            if case .failure(let error) = answer { report.outcomes[place].fail(error) }
        }
    }

    // MARK: - Small things

    /// Answers for so many topics; what kept the cluster from being asked is the answer for each.
    private static func each<Answer>(
        _ count: Int, _ ask: () throws(KafkaError) -> [Result<Answer, KafkaError>]
    ) -> [Result<Answer, KafkaError>] {
        do throws(KafkaError) { return try ask() } catch { return Array(repeating: .failure(error), count: count) }
    }

    /// Whether a fault is the cluster's, or the way's to it, rather than one topic's.
    private static func concernsAll(_ error: KafkaError) -> Bool {
        switch error.code {
        case .brokersDown, .authenticationFailed, .tlsFailed, .timedOut: true
        default: false
        }
    }

    /// Milliseconds as a definition writes them.
    private static func text(_ milliseconds: Int64) -> String {
        guard milliseconds > 0 else { return milliseconds < 0 ? "for ever" : "0 ms" }
        for (unit, length) in [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000)] as [(String, Int64)]
        where milliseconds % length == 0 {
            return "\(milliseconds / length)\(unit)"
        }
        return "\(milliseconds) ms"
    }
}

extension TopicOutcome {
    /// Notes that it did not work.
    fileprivate mutating func fail(_ error: KafkaError) {
        action = .failed
        notes = []
        fault = error.message
    }
}
