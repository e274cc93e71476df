internal import AWS
internal import Iceberg
internal import LambdaRuntime

/// Leads several tables through Athena at a time, on one thread: always the table that is due first takes its next step.
struct AthenaUpkeep {
    /// How Athena is asked; a test answers itself.
    struct Calls {
        /// Starts a statement in a database, under a token; gives the execution's id.
        var start: (_ sql: String, _ database: String, _ token: String) throws(ServiceError) -> String
        /// Tells how an execution stands.
        var show: (_ id: String) throws(ServiceError) -> AthenaExecution
        /// How large a table is; nil if that cannot be told.
        var size: (TableIdentifier) -> TableSize?
    }

    /// A table whose turn has come.
    private struct Active {
        var upkeep: TableUpkeep
        /// When its next step is due, in milliseconds since the epoch.
        var dueMs: Int64
        var event: TableUpkeep.Event
    }

    private let calls: Calls
    private let run: String
    private let parallel: Int
    private var waiting: ArraySlice<TableUpkeep>
    private var active: [Active] = []
    private var random: any RandomNumberGenerator

    /// - Parameters:
    ///   - tables: in the order of their turns.
    ///   - parallel: how many have their turn at a time.
    ///   - run: names the run, in Athena's tokens.
    init(
        _ tables: [TableUpkeep], parallel: Int, run: String, _ calls: Calls,
        random: any RandomNumberGenerator = SystemRandomNumberGenerator()
    ) {
        waiting = tables[...]
        self.parallel = parallel
        self.run = run
        self.calls = calls
        self.random = random
    }

    /// The tables that are left.
    var left: [TableUpkeep] { active.map(\.upkeep) + waiting }

    /// Works until all tables are done or the time is over.
    /// - Parameters:
    ///   - stopMs: when the time is over, in milliseconds since the epoch.
    ///   - sleep: waits, for a number of milliseconds.
    ///   - didFinish: is given each table that is done with, and its size then.
    mutating func work(
        until stopMs: Int64, _ clock: WallClock, sleep: (Int64) -> Void,
        didFinish: (UpkeepResult) -> Void
    ) {
        while clock.milliseconds < stopMs {
            if active.count < parallel, let next = waiting.popFirst() {
                begin(next, nowMs: clock.milliseconds)
                continue
            }
            guard let place = active.indices.min(by: { active[$0].dueMs < active[$1].dueMs }) else { return }
            let now = clock.milliseconds
            guard active[place].dueMs <= now else {
                sleep(min(active[place].dueMs, stopMs) - now)
                continue
            }
            guard take(place, clock) else { continue }
            let upkeep = active.remove(at: place).upkeep
            didFinish(UpkeepResult(upkeep, after: calls.size(upkeep.table), nowMs: clock.milliseconds))
        }
    }

    private mutating func begin(_ upkeep: TableUpkeep, nowMs: Int64) {
        var upkeep = upkeep
        if upkeep.progress.startedMs == nil {
            upkeep.progress.startedMs = nowMs
            upkeep.progress.before = calls.size(upkeep.table)
        }
        active.append(Active(upkeep: upkeep, dueMs: nowMs, event: .begun))
    }

    /// Takes one step with a table, which ends with a call or a wait.
    /// - Returns: whether the table is done with.
    private mutating func take(_ place: Int, _ clock: WallClock) -> Bool {
        let event = active[place].event
        let action = active[place].upkeep.handle(event, random: random.next())
        switch action {
        case .finish: return true
        case .wait(let milliseconds):
            active[place].dueMs = clock.milliseconds + milliseconds
            active[place].event = .waited
        case .start(let statement, let attempt):
            active[place].event = .started(start(statement, active[place].upkeep.table, attempt))
        case .show(let id):
            do throws(ServiceError) {
                active[place].event = .shown(.success(try calls.show(id)))
            } catch {
                active[place].event = .shown(.failure(UpkeepFault(error)))
            }
        }
        return false
    }

    private func start(
        _ statement: UpkeepStatement, _ table: TableIdentifier, _ attempt: Int
    ) -> Result<String, UpkeepFault> {
        guard let sql = statement.sql(for: table.name) else {
            return .failure(UpkeepFault("the table's name cannot be written in a statement", passes: false))
        }
        let token = UpkeepStatement.token(run: run, table, statement, attempt: attempt)
        do throws(ServiceError) {
            return .success(try calls.start(sql, table.namespace, token))
        } catch {
            return .failure(UpkeepFault(error))
        }
    }
}

extension AthenaUpkeep.Calls {
    /// Athena itself, and the lake's catalog.
    init(_ lake: Lake, _ settings: AthenaSettings) throws(IcebergError) {
        let athena = Athena(try lake.client())
        start = { sql, database, token throws(ServiceError) in
            try athena.start(
                Athena.Statement(
                    sql, database: database, workGroup: settings.workGroup, outputLocation: settings.outputLocation),
                token: token)
        }
        show = { id throws(ServiceError) in try athena.execution(id) }
        // Only for the report: Athena does its work all the same.
        size = { try? TableSize.now($0, lake) }
    }
}
