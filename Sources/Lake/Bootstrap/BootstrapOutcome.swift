internal import Iceberg
internal import JSON

/// What became of one database, table or view; in a dry run, what would.
struct BootstrapOutcome: Equatable {
    /// What it is.
    enum Kind: String { case database, table, view }

    /// What was done.
    enum Action: String {
        /// It was missing, and is there now.
        case created
        /// It was there, and follows the definition now.
        case evolved
        /// It follows the definition already.
        case unchanged
        /// It cannot follow the definition, and nothing of it was changed.
        case refused
        /// It could not be looked at or changed, or only in part: trying again may help.
        case failed
        /// The lake has no place for it, or something that it needs is missing.
        case skipped
    }

    /// What it is.
    let kind: Kind
    /// Its full name.
    let name: String
    /// What was done.
    var action: Action
    /// What differed, a line each, as in the plan.
    var lines: [String] = []
    /// Why it cannot follow the definition, column by column.
    var refusals: [String] = []
    /// What else is to be known.
    var notes: [String] = []
    /// What went wrong.
    var fault: String?
    /// Where its files lie.
    var location: String?
    /// How its files are kept together, of a table.
    var format: TableFormat?

    /// The lines of the plan: what it is, and what of it changes. Nothing for what stays as it is.
    var plan: [String] {
        var title = "\(kind) \(name)"
        if action == .created, let format { title += " (\(format), \(location ?? ""))" }
        let heading: [String] =
            switch action {
            case .created: ["+ \(title)"]
            case .evolved: ["~ \(title)"]
            case .unchanged: []
            case .refused: ["! \(title) cannot follow its definition, and stays as it is"]
            case .failed: ["! \(title) could not be compared: \(fault ?? "")"]
            case .skipped: ["! \(title) is passed over"]
            }
        let remarks = action == .unchanged ? [] : notes.map { "  # \($0)" }
        return heading + (lines + refusals.map { "! \($0)" }).map { "  \($0)" } + remarks
    }

    /// The outcome in the reply.
    var value: JSONValue {
        func texts(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
        var members: [(name: String, value: JSONValue)] = [
            ("name", .string(name)), ("action", .string(action.rawValue)),
        ]
        if let format { members.append(("format", .string(format.rawValue))) }
        if let location { members.append(("location", .string(location))) }
        if !lines.isEmpty { members.append(("changes", texts(lines))) }
        if !refusals.isEmpty { members.append(("refusals", texts(refusals))) }
        if !notes.isEmpty { members.append(("notes", texts(notes))) }
        if let fault { members.append(("error", .string(fault))) }
        return .object(members)
    }
}
