internal import Iceberg
internal import JSON
internal import LambdaRuntime

/// What one run of optimize-tables is to do.
struct UpkeepOptions: Equatable {
    /// Who does the work.
    enum Engine: String {
        /// Athena: OPTIMIZE and VACUUM.
        case athena
        /// This function: expiry of snapshots.
        case native
    }

    /// What names the run, in every invocation that it takes.
    var run: String
    /// The engine; nil for the one that fits the catalog.
    var engine: Engine?
    /// The databases; nil for those of the definition, or of the tables.
    var databases: [String]?
    /// The tables, and no others; nil for all.
    var tables: [TableIdentifier]?
    /// How often a statement may end with more to do.
    var maximumRuns = defaultRuns
    /// How many tables are worked on at a time.
    var parallel = defaultParallel
    /// Whether VACUUM follows OPTIMIZE.
    var vacuums = true
    /// What an earlier invocation of the run has left; nil in its first.
    var continuation: Continuation?

    /// What one invocation of a run hands on to the next.
    struct Continuation: Equatable {
        /// How many invocations came before.
        var hop: Int
        /// The tables that are left.
        var tables: [Left]

        /// A table that is left, and how far it has come.
        struct Left: Equatable {
            var table: TableIdentifier
            var progress: TableUpkeep.Progress
        }
    }

    static let defaultRuns = 20
    static let defaultParallel = 4
    private static let maximumRunsRange = 1...1000
    private static let parallelRange = 1...50

    private static let names = ["engine", "databases", "tables", "maximumRuns", "parallel", "vacuum", "continuation"]

    /// Reads an event.
    /// - Parameter requestID: names the run if the event does not; Lambda's own repetitions of an event keep it.
    /// - Throws: `EventError` with the member that is wrong.
    init(_ event: JSONEvent, requestID: String) throws(EventError) {
        let input = try ScheduledInput(event, options: Self.names)
        run = input.executionID ?? requestID
        databases = try input.texts("databases")
        if let name = try input.text("engine") {
            guard let engine = Engine(rawValue: name) else {
                throw EventError(.badValue, "engine", "must be \"athena\" or \"native\"")
            }
            self.engine = engine
        }
        if let names = try input.texts("tables") {
            var tables: [TableIdentifier] = []
            for (place, name) in names.enumerated() {
                guard let dot = name.firstIndex(of: "."), dot != name.startIndex,
                    name.index(after: dot) != name.endIndex
                else { throw EventError(.badValue, "tables[\(place)]", "must be database.table") }
                tables.append(
                    TableIdentifier(namespace: String(name[..<dot]), name: String(name[name.index(after: dot)...])))
            }
            self.tables = tables
        }
        maximumRuns = try input.number("maximumRuns", in: Self.maximumRunsRange) ?? Self.defaultRuns
        parallel = try input.number("parallel", in: Self.parallelRange) ?? Self.defaultParallel
        vacuums = try input.flag("vacuum") ?? true
        guard engine != .native || vacuums else {
            throw EventError(.badValue, "vacuum", "must not be false where engine is native, which does nothing else")
        }
        continuation = try input.value("continuation").map { value throws(EventError) in
            guard let continuation = Continuation(value) else {
                throw EventError(.badValue, "continuation", "is not what an earlier invocation hands on")
            }
            return continuation
        }
    }

    /// The event that goes on with what is left.
    func event(handingOn left: [Continuation.Left], engine: Engine) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member(ScheduledInput.executionID, run)
            writer.member("engine", engine.rawValue)
            writer.member("maximumRuns", maximumRuns)
            writer.member("parallel", parallel)
            writer.member("vacuum", vacuums)
            writer.member("continuation", Continuation(hop: hop + 1, tables: left).value)
        }
        return writer.bytes
    }

    /// How many invocations of the run came before this one.
    var hop: Int { continuation?.hop ?? 0 }
}
