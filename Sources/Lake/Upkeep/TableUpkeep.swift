internal import AWS
internal import Iceberg

/// One table's way through OPTIMIZE and VACUUM in Athena: started, looked after, repeated while Athena asks for more
/// runs or another writer came first.
///
/// It takes events and answers with the next action; a driver does the input and output. What must outlive an invocation
/// is in ``Progress``: a table can be handed on between any two actions.
struct TableUpkeep: Equatable {
    /// What the driver is to do next.
    enum Action: Equatable {
        /// Start an execution, the table's nth of this statement.
        case start(UpkeepStatement, attempt: Int)
        /// Ask how an execution stands.
        case show(String)
        /// Wait, in milliseconds.
        case wait(Int64)
        /// Nothing: the table is done, or has failed.
        case finish
    }

    /// What has happened.
    enum Event: Equatable {
        /// The table's turn has come.
        case begun
        case started(Result<String, UpkeepFault>)
        case shown(Result<AthenaExecution, UpkeepFault>)
        case waited
    }

    /// How far a table has come.
    struct Progress: Equatable {
        /// The statement that is being run, or is next.
        var statement = UpkeepStatement.optimize
        /// The execution that is not known to have ended.
        var execution: String?
        /// Executions begun, by statement.
        var runs: [UpkeepStatement: Int] = [:]
        /// Executions of the statement that ended with more to do.
        var rounds = 0
        /// Executions of the statement that another writer's commit made useless.
        var conflicts = 0
        /// Executions of the statement that failed for a reason that passes.
        var repeats = 0
        /// What is paid for, in bytes.
        var scannedBytes: Int64 = 0
        /// How long all executions took, waiting included, in milliseconds.
        var athenaMs: Int64 = 0
        /// When the table's turn came, in milliseconds since the epoch; nil before that.
        var startedMs: Int64?
        /// The table as it was then.
        var before: TableSize?
        /// Why the table is not in order; nil as long as nothing has failed.
        var failure: String?
    }

    /// What the driver waits for.
    private enum Phase: Equatable { case idle, starting, showing, waiting, ended }

    /// The table.
    let table: TableIdentifier
    /// How often a statement may end with more to do.
    let maximumRuns: Int
    /// Whether VACUUM follows.
    let vacuums: Bool
    var progress: Progress
    private var phase = Phase.idle
    /// Times the execution was looked at.
    private var looks = 0
    /// Calls that failed one after the other.
    private var faults = 0

    /// Conflicts of one statement that are borne.
    static let conflictLimit = 5
    /// Failures of one statement that pass, by Athena's word, and are borne.
    static let repeatLimit = 2
    /// Calls that may fail one after the other; the client has tried each several times.
    static let faultLimit = 8

    init(_ table: TableIdentifier, maximumRuns: Int, vacuums: Bool, _ progress: Progress = Progress()) {
        self.table = table
        self.maximumRuns = maximumRuns
        self.vacuums = vacuums
        self.progress = progress
    }

    /// Takes what has happened, and says what is next.
    /// - Parameter random: 64 random bits, for the jitter of waiting.
    mutating func handle(_ event: Event, random: UInt64) -> Action {
        switch (phase, event) {
        case (.idle, .begun), (.waiting, .waited): return proceed()
        case (.starting, .started(.success(let id))):
            progress.execution = id
            progress.runs[progress.statement, default: 0] += 1
            faults = 0
            looks = 0
            return wait(UpkeepPause.look(0))
        case (.showing, .shown(.success(let execution))):
            faults = 0
            return took(execution, random)
        case (.starting, .started(.failure(let fault))), (.showing, .shown(.failure(let fault))):
            faults += 1
            guard fault.passes, faults <= Self.faultLimit else { return fail(fault.message) }
            return wait(UpkeepPause.fault(faults, random: random))
        default: preconditionFailure("the event does not answer the last action")
        }
    }

    /// Looks at the execution that runs, or starts the next.
    private mutating func proceed() -> Action {
        if let execution = progress.execution {
            phase = .showing
            return .show(execution)
        }
        phase = .starting
        return .start(progress.statement, attempt: progress.runs[progress.statement, default: 0] + 1)
    }

    private mutating func took(_ execution: AthenaExecution, _ random: UInt64) -> Action {
        guard execution.state.isFinal else {
            looks += 1
            return wait(UpkeepPause.look(looks))
        }
        progress.execution = nil
        progress.scannedBytes += max(0, execution.scannedBytes ?? 0)
        progress.athenaMs += max(0, execution.milliseconds ?? 0)
        switch UpkeepEnding(execution) {
        case .done: return advance()
        case .more:
            progress.rounds += 1
            guard progress.rounds >= maximumRuns else { return proceed() }
            // What was done is done; the next schedule goes on with it.
            note("\(progress.statement.name) still had work to do after \(progress.rounds) runs")
            return advance()
        case .conflict(let reason):
            progress.conflicts += 1
            guard progress.conflicts <= Self.conflictLimit else {
                return fail("other writers came first \(progress.conflicts) times: \(reason)")
            }
            return wait(UpkeepPause.conflict(progress.conflicts, random: random))
        case .failed(_, passes: true) where progress.repeats < Self.repeatLimit:
            progress.repeats += 1
            return wait(UpkeepPause.fault(progress.repeats, random: random))
        case .failed(let reason, _): return fail(reason)
        }
    }

    /// Goes on to VACUUM, or ends.
    private mutating func advance() -> Action {
        guard progress.statement == .optimize, vacuums else { return end() }
        progress.statement = .vacuum
        progress.rounds = 0
        progress.conflicts = 0
        progress.repeats = 0
        return proceed()
    }

    private mutating func fail(_ reason: String) -> Action {
        note("\(progress.statement.name): \(reason)")
        return end()
    }

    private mutating func note(_ reason: String) {
        progress.failure = progress.failure.map { "\($0); \(reason)" } ?? reason
    }

    private mutating func wait(_ milliseconds: Int64) -> Action {
        phase = .waiting
        return .wait(milliseconds)
    }

    private mutating func end() -> Action {
        phase = .ended
        return .finish
    }
}
