internal import JSON
internal import Lake
internal import LambdaRuntime
internal import Logging

/// What one invocation of bootstrap-topics did, or would do.
struct TopicsReport: Equatable {
    /// Whether nothing was made.
    let isDryRun: Bool
    /// The topics, in the definition's order.
    var outcomes: [TopicOutcome] = []

    /// How many ended so.
    func count(_ action: TopicOutcome.Action) -> Int { outcomes.count { $0.action == action } }

    /// Why the invocation is an error: some topics failed. The rest has been done all the same.
    var error: JobError? {
        let faults = outcomes.filter { $0.action == .failed }
        guard !faults.isEmpty else { return nil }
        // One fault of all, such as brokers that are down, is told once.
        let reasons = Set(faults.map { $0.fault ?? "" })
        let text =
            reasons.count == 1
            ? "\(faults.map(\.topic).joined(separator: ", ")): \(faults[0].fault ?? "")"
            : faults.map { "\($0.topic): \($0.fault ?? "")" }.joined(separator: "; ")
        return JobError(
            .topics(.failed),
            "\(text) — \(faults.count == 1 ? "this" : "these") did not work, and all else is done: \(sentence)")
    }

    /// What happened, for a person.
    private var sentence: String {
        let parts = TopicOutcome.Action.allCases.filter { count($0) > 0 }.map { "\(count($0)) \($0.rawValue)" }
        return parts.isEmpty ? "nothing" : parts.joined(separator: ", ")
    }

    /// The reply.
    var value: JSONValue {
        var members: [(name: String, value: JSONValue)] = [("dryRun", .bool(isDryRun))]
        for action in TopicOutcome.Action.allCases { members.append((action.rawValue, .integer(count(action)))) }
        members.append(("topics", .array(outcomes.map(\.value))))
        return .object(members)
    }

    /// Writes a line for everything that was not as it should be, one for the whole, and metrics.
    func log(_ context: Context) {
        for outcome in outcomes where outcome.action != .existing || !outcome.notes.isEmpty {
            var fields: Logger.Metadata = [
                "topic": "\(outcome.topic)", "action": "\(outcome.action.rawValue)", "dryRun": "\(isDryRun)",
            ]
            if !outcome.notes.isEmpty { fields["notes"] = "\(outcome.notes.joined(separator: "; "))" }
            let text = "topic \(outcome.topic) \(outcome.action.rawValue)"
            switch outcome.action {
            case .failed: context.log.error("\(text): \(outcome.fault ?? "")", metadata: fields)
            case .different:
                context.log.warning("\(text): \(outcome.differences.joined(separator: "; "))", metadata: fields)
            case .skipped: context.log.warning("\(text)", metadata: fields)
            case .created, .existing, .grown: context.log.info("\(text)", metadata: fields)
            }
        }
        context.log.info("\(isDryRun ? "a plan: " : "")\(sentence)", metadata: ["dryRun": "\(isDryRun)"])
        guard !isDryRun else { return }
        context.metrics.put("TopicsCreated", count(.created))
        context.metrics.put("TopicsGrown", count(.grown))
        context.metrics.put("TopicsDifferent", count(.different))
        context.metrics.put("TopicFailures", count(.failed))
    }
}
