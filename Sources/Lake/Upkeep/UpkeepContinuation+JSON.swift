internal import Iceberg
internal import JSON

extension UpkeepOptions.Continuation {
    /// How it stands in an event: members that would say nothing are left out.
    var value: JSONValue {
        .object([("hop", .integer(hop)), ("tables", .array(tables.map(\.value)))])
    }

    /// Reads what ``value`` wrote; nil for anything else.
    init?(_ value: JSONValue) {
        guard let hop = value["hop"]?.integer.flatMap(Int.init(exactly:)), hop >= 0,
            let elements = value["tables"]?.elements
        else { return nil }
        self.hop = hop
        tables = []
        for element in elements {
            guard let left = Left(element) else { return nil }
            tables.append(left)
        }
    }
}

extension UpkeepOptions.Continuation.Left {
    fileprivate var value: JSONValue {
        var members: [(name: String, value: JSONValue)] = [
            ("database", .string(table.namespace)), ("table", .string(table.name)),
        ]
        // A table whose turn has not come has nothing to tell but its name.
        guard let startedMs = progress.startedMs else { return .object(members) }
        members.append(("startedMs", .integer(startedMs)))
        members.append(("statement", .string(progress.statement.rawValue)))
        if let execution = progress.execution { members.append(("execution", .string(execution))) }
        for (name, number) in [
            ("optimizeRuns", progress.runs[.optimize] ?? 0), ("vacuumRuns", progress.runs[.vacuum] ?? 0),
            ("rounds", progress.rounds), ("conflicts", progress.conflicts), ("repeats", progress.repeats),
        ] where number > 0 {
            members.append((name, .integer(number)))
        }
        members.append(("scannedBytes", .integer(progress.scannedBytes)))
        members.append(("athenaMs", .integer(progress.athenaMs)))
        if let before = progress.before {
            members.append(("snapshots", .integer(before.snapshots)))
            if let files = before.files { members.append(("files", .integer(files))) }
            if let bytes = before.bytes { members.append(("bytes", .integer(bytes))) }
        }
        if let failure = progress.failure { members.append(("failure", .string(failure))) }
        return .object(members)
    }

    fileprivate init?(_ value: JSONValue) {
        guard let database = value["database"]?.string, let name = value["table"]?.string else { return nil }
        table = TableIdentifier(namespace: database, name: name)
        progress = TableUpkeep.Progress()
        guard let startedMs = value["startedMs"]?.integer else { return }
        progress.startedMs = startedMs
        guard let statement = value["statement"]?.string.flatMap(UpkeepStatement.init) else { return nil }
        progress.statement = statement
        progress.execution = value["execution"]?.string
        /// A count that is there, and sound: none of an event made by hand may overflow what is added to it.
        func count(_ name: String) -> Int? {
            guard let value = value[name] else { return 0 }
            return value.integer.flatMap { (0...1_000_000).contains($0) ? Int($0) : nil }
        }
        func amount(_ name: String) -> Int64? {
            guard let value = value[name] else { return 0 }
            return value.integer.flatMap { (0...1 << 60).contains($0) ? $0 : nil }
        }
        guard let optimizeRuns = count("optimizeRuns"), let vacuumRuns = count("vacuumRuns"),
            let rounds = count("rounds"), let conflicts = count("conflicts"), let repeats = count("repeats"),
            let scannedBytes = amount("scannedBytes"), let athenaMs = amount("athenaMs")
        else { return nil }
        progress.runs = [.optimize: optimizeRuns, .vacuum: vacuumRuns].filter { $0.value > 0 }
        progress.rounds = rounds
        progress.conflicts = conflicts
        progress.repeats = repeats
        progress.scannedBytes = scannedBytes
        progress.athenaMs = athenaMs
        progress.before = value["snapshots"]?.integer.map {
            TableSize(files: value["files"]?.integer, bytes: value["bytes"]?.integer, snapshots: $0)
        }
        progress.failure = value["failure"]?.string
    }
}
