internal import JSON

/// What became of one topic; in a dry run, what would.
struct TopicOutcome: Equatable {
    /// What was done.
    enum Action: String, CaseIterable {
        /// It was missing, and is there now.
        case created
        /// It is there, as the definition has it.
        case existing
        /// It has more partitions now.
        case grown
        /// It is there, but not as the definition has it.
        case different
        /// It is of another cluster.
        case skipped
        /// It could not be looked at or made.
        case failed
    }

    /// The topic's name.
    let topic: String
    /// What was done.
    var action: Action
    /// How it differs from the definition, a line each.
    var differences: [String] = []
    /// What else is to be known.
    var notes: [String] = []
    /// What went wrong.
    var fault: String?

    /// The outcome in the reply.
    var value: JSONValue {
        func texts(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
        var members: [(name: String, value: JSONValue)] = [
            ("topic", .string(topic)), ("action", .string(action.rawValue)),
        ]
        if !differences.isEmpty { members.append(("differences", texts(differences))) }
        if !notes.isEmpty { members.append(("notes", texts(notes))) }
        if let fault { members.append(("error", .string(fault))) }
        return .object(members)
    }
}
