import AWS
import Iceberg
import LambdaRuntime
import Synchronization
import TestSupport
import Testing

@testable import AWS
@testable import Lake

/// A time that a test moves, in milliseconds since the epoch.
private final class MovedTime: Sendable {
    private let time = Mutex<Int64>(1_000_000)

    var milliseconds: Int64 { time.withLock { $0 } }
    func pass(_ milliseconds: Int64) { time.withLock { $0 += milliseconds } }
}

/// An Athena that a test scripts, beside a clock that only waiting moves.
private final class Simulation {
    private let time = MovedTime()
    /// SQL, database and token of every start.
    var starts: [(sql: String, database: String, token: String)] = []
    /// How many executions were unfinished at once.
    var mostAtOnce = 0
    /// How long an execution of a table takes, in milliseconds.
    var durations: [String: Int64] = [:]
    /// How the executions of a table end, in turn; then well.
    var endings: [String: [String]] = [:]
    private var executions: [String: (token: String, table: String, untilMs: Int64, reason: String?)] = [:]

    var nowMs: Int64 { time.milliseconds }
    var clock: WallClock { WallClock { [time] in time.milliseconds } }

    func sleep(_ milliseconds: Int64) { time.pass(max(1, milliseconds)) }

    var calls: AthenaUpkeep.Calls {
        AthenaUpkeep.Calls(
            start: { sql, database, token throws(ServiceError) in
                self.starts.append((sql, database, token))
                if let known = self.executions.first(where: { $0.value.token == token }) { return known.key }
                let table = sql.split(separator: "`").dropFirst().first.map(String.init) ?? ""
                if table == "forbidden" {
                    throw ServiceError(
                        .accessDenied, service: "athena", operation: "StartQueryExecution",
                        code: "AccessDeniedException",
                        message: "no", mayHaveActed: false)
                }
                let id = "e\(self.executions.count)"
                var reason: String?
                if let next = self.endings[table]?.first {
                    reason = next
                    self.endings[table]?.removeFirst()
                }
                self.executions[id] = (token, table, self.nowMs + (self.durations[table] ?? 1_000), reason)
                self.mostAtOnce = max(self.mostAtOnce, self.executions.values.count { $0.untilMs > self.nowMs })
                return id
            },
            show: { id throws(ServiceError) in
                guard let execution = self.executions[id] else {
                    throw ServiceError(
                        .invalid, service: "athena", operation: "GetQueryExecution", code: "InvalidRequestException",
                        message: "QueryExecution was not found", mayHaveActed: false)
                }
                let isOver = execution.untilMs <= self.nowMs
                return AthenaExecution(
                    state: !isOver ? .running : execution.reason == nil ? .succeeded : .failed,
                    reason: isOver ? execution.reason : nil, outputLocation: nil, scannedBytes: 10, milliseconds: 1)
            },
            size: { _ in TableSize(files: 2, bytes: 3, snapshots: 4) })
    }
}

@Suite struct AthenaUpkeepTests {
    private func tables(_ names: [String], maximumRuns: Int = 5) -> [TableUpkeep] {
        names.map {
            TableUpkeep(TableIdentifier(namespace: "db", name: $0), maximumRuns: maximumRuns, vacuums: true)
        }
    }

    @Test(arguments: [1, 3, 50])
    func keepsToItsLimit(_ limit: Int) {
        let simulation = Simulation()
        var upkeep = AthenaUpkeep(
            tables((0..<10).map { "t\($0)" }), parallel: limit, run: "r", simulation.calls, random: ZeroGenerator())
        var results: [UpkeepResult] = []
        upkeep.work(until: .max, simulation.clock, sleep: simulation.sleep) { results.append($0) }
        #expect(results.count == 10 && results.allSatisfy { $0.failure == nil && $0.vacuumRuns == 1 })
        #expect(simulation.mostAtOnce == min(limit, 10) && simulation.starts.count == 20)
        #expect(upkeep.left.isEmpty)
        #expect(
            results[0].before == results[0].after && results[0].durationMs >= 2_000 && results[0].scannedBytes == 20)
    }

    @Test func tableThatFailsStopsNoOther() throws {
        let simulation = Simulation()
        simulation.endings = ["bad": ["TABLE_NOT_FOUND"], "busy": ["ICEBERG_COMMIT_ERROR: x"]]
        var upkeep = AthenaUpkeep(
            tables(["bad", "forbidden", "a`b", "busy", "good"]), parallel: 2, run: "r", simulation.calls,
            random: ZeroGenerator())
        var results: [String: UpkeepResult] = [:]
        upkeep.work(until: .max, simulation.clock, sleep: simulation.sleep) { results[$0.name] = $0 }
        #expect(results["db.bad"]?.failure == "OPTIMIZE: TABLE_NOT_FOUND")
        #expect(results["db.forbidden"]?.failure?.contains("AccessDeniedException") == true)
        #expect(results["db.a`b"]?.failure?.contains("cannot be written") == true)
        #expect(results["db.busy"]?.failure == nil && results["db.busy"]?.optimizeRuns == 2)
        #expect(results["db.good"]?.failure == nil)
        #expect(simulation.starts.allSatisfy { $0.database == "db" && $0.token.utf8.count == 64 })
    }

    @Test func slowTableDoesNotHoldUpTheOthers() {
        let simulation = Simulation()
        simulation.durations = ["slow": 600_000]
        var upkeep = AthenaUpkeep(
            tables(["slow"] + (0..<5).map { "t\($0)" }), parallel: 2, run: "r", simulation.calls,
            random: ZeroGenerator())
        var order: [String] = []
        upkeep.work(until: .max, simulation.clock, sleep: simulation.sleep) { order.append($0.name) }
        #expect(order == (0..<5).map { "db.t\($0)" } + ["db.slow"])
    }

    /// Stopped after every few seconds, and each time gone on with what was left, the run starts every statement once.
    @Test(arguments: [1_500, 2_500, 10_000] as [Int64])
    func goesOnWithWhatIsLeft(_ sliceMs: Int64) throws {
        let simulation = Simulation()
        simulation.durations = ["t1": 30_000]
        simulation.endings = ["t2": ["ICEBERG_OPTIMIZE_MORE_RUNS_NEEDED", "ICEBERG_OPTIMIZE_MORE_RUNS_NEEDED"]]
        var left = tables(["t0", "t1", "t2", "t3"])
        var results: [UpkeepResult] = []
        var slices = 0
        while !left.isEmpty {
            slices += 1
            try #require(slices < 200)
            var upkeep = AthenaUpkeep(left, parallel: 2, run: "r", simulation.calls, random: ZeroGenerator())
            upkeep.work(until: simulation.nowMs + sliceMs, simulation.clock, sleep: simulation.sleep) {
                results.append($0)
            }
            left = upkeep.left.map {
                TableUpkeep($0.table, maximumRuns: 5, vacuums: true, $0.progress)
            }
        }
        #expect(slices > 2 && results.count == 4 && results.allSatisfy { $0.failure == nil })
        #expect(Set(simulation.starts.map(\.token)).count == 10 && simulation.mostAtOnce <= 2)
        #expect(results.first { $0.name == "db.t2" }?.optimizeRuns == 3)
        #expect(results.first { $0.name == "db.t1" }.map { $0.durationMs >= 60_000 } == true)
    }

    /// The process of the first invocation died; the repeated one finds its executions by their tokens.
    @Test func repeatedInvocationStartsNoExecutionTwice() {
        let simulation = Simulation()
        simulation.endings = ["t0": ["ICEBERG_OPTIMIZE_MORE_RUNS_NEEDED", "ICEBERG_COMMIT_ERROR"]]
        for stopMs in [Int64(6_000), .max] {
            var upkeep = AthenaUpkeep(
                tables(["t0", "t1"]), parallel: 2, run: "r", simulation.calls, random: ZeroGenerator())
            upkeep.work(
                until: stopMs == .max ? .max : simulation.nowMs + stopMs, simulation.clock, sleep: simulation.sleep
            ) {
                #expect($0.failure == nil)
            }
        }
        #expect(Set(simulation.starts.map(\.token)).count == 6)
    }

    @Test func nothingIsDoneWhenTheTimeIsOver() {
        let simulation = Simulation()
        var upkeep = AthenaUpkeep(tables(["a", "b"]), parallel: 2, run: "r", simulation.calls)
        upkeep.work(until: simulation.nowMs, simulation.clock, sleep: simulation.sleep) { _ in Issue.record("finished")
        }
        #expect(simulation.starts.isEmpty && upkeep.left.map(\.table.name) == ["a", "b"])
        #expect(upkeep.left.allSatisfy { $0.progress.startedMs == nil })
    }
}
