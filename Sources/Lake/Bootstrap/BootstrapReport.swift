internal import JSON
internal import LambdaRuntime
internal import Logging

/// What one invocation of bootstrap-tables did, or would do.
struct BootstrapReport: Equatable {
    /// Whether nothing was written.
    let isDryRun: Bool
    /// Databases, tables and views, in the order in which they were looked at.
    var outcomes: [BootstrapOutcome] = []

    /// How many ended so.
    func count(_ action: BootstrapOutcome.Action, _ kind: BootstrapOutcome.Kind? = nil) -> Int {
        outcomes.count { $0.action == action && (kind == nil || $0.kind == kind) }
    }

    /// Why the invocation is an error: something failed, or, where more than the plan was asked for, was refused. The
    /// rest has been done all the same.
    var error: JobError? {
        let faults = outcomes.filter { $0.action == .failed }.map { "\($0.kind) \($0.name): \($0.fault ?? "")" }
        let refusals =
            isDryRun
            ? []
            : outcomes.filter { $0.action == .refused }.flatMap { outcome in
                outcome.refusals.map { "\(outcome.kind) \(outcome.name): \($0)" }
            }
        guard !faults.isEmpty || !refusals.isEmpty else { return nil }
        let words = faults.isEmpty ? "cannot follow the definition" : "did not work"
        return JobError(
            .bootstrap(faults.isEmpty ? .refused : .failed),
            "\((faults + refusals).joined(separator: "; ")) — this \(words), and all else is done: \(sentence)")
    }

    /// What happened, for a person.
    private var sentence: String {
        let actions: [BootstrapOutcome.Action] = [.created, .evolved, .unchanged, .refused, .failed, .skipped]
        let parts = actions.filter { count($0) > 0 }.map { "\(count($0)) \($0.rawValue)" }
        return parts.isEmpty ? "nothing" : parts.joined(separator: ", ")
    }

    /// The reply.
    var value: JSONValue {
        func list(_ kind: BootstrapOutcome.Kind) -> JSONValue {
            .array(outcomes.filter { $0.kind == kind }.map(\.value))
        }
        var members: [(name: String, value: JSONValue)] = [("dryRun", .bool(isDryRun))]
        for action in [BootstrapOutcome.Action.created, .evolved, .unchanged, .refused, .failed, .skipped] {
            members.append((action.rawValue, .integer(count(action))))
        }
        if isDryRun { members.append(("plan", .array(outcomes.flatMap(\.plan).map { .string($0) }))) }
        members += [("databases", list(.database)), ("tables", list(.table)), ("views", list(.view))]
        return .object(members)
    }

    /// Writes a line for everything that did not stay as it was, one for the whole, and metrics.
    func log(_ context: Context) {
        for outcome in outcomes where outcome.action != .unchanged || !outcome.notes.isEmpty {
            var fields: Logger.Metadata = [
                "name": "\(outcome.name)", "action": "\(outcome.action.rawValue)", "dryRun": "\(isDryRun)",
            ]
            if !outcome.lines.isEmpty { fields["changes"] = "\(outcome.lines.joined(separator: "; "))" }
            if !outcome.notes.isEmpty { fields["notes"] = "\(outcome.notes.joined(separator: "; "))" }
            let text = "\(outcome.kind) \(outcome.name) \(outcome.action.rawValue)"
            switch outcome.action {
            case .failed: context.log.error("\(text): \(outcome.fault ?? "")", metadata: fields)
            case .refused:
                context.log.error("\(text): \(outcome.refusals.joined(separator: "; "))", metadata: fields)
            case .skipped: context.log.warning("\(text)", metadata: fields)
            case .created, .evolved, .unchanged: context.log.info("\(text)", metadata: fields)
            }
        }
        context.log.info("\(isDryRun ? "a plan: " : "")\(sentence)", metadata: ["dryRun": "\(isDryRun)"])
        guard !isDryRun else { return }
        context.metrics.put("TablesCreated", count(.created, .table))
        context.metrics.put("TablesEvolved", count(.evolved, .table))
        context.metrics.put("ViewsChanged", count(.created, .view) + count(.evolved, .view))
        context.metrics.put("BootstrapRefusals", count(.refused))
        context.metrics.put("BootstrapFailures", count(.failed))
    }
}
