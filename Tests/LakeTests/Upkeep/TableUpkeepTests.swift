import AWS
import Iceberg
import Testing

@testable import AWS
@testable import Lake

/// Every state with every event that can come in it.
@Suite struct TableUpkeepTests {
    private static let more = "ICEBERG_OPTIMIZE_MORE_RUNS_NEEDED: Processed 100 partitions"
    private static let moreToVacuum = "ICEBERG_VACUUM_MORE_RUNS_NEEDED: Removed 20000 files"
    private static let conflict = "ICEBERG_COMMIT_ERROR: Failed to commit"

    /// Leads one table from its beginning, with an answer to each execution.
    private struct Way {
        var upkeep: TableUpkeep
        var actions: [TableUpkeep.Action] = []
        private var executions = 0

        init(maximumRuns: Int = 3, vacuums: Bool = true, _ progress: TableUpkeep.Progress = .init()) {
            upkeep = TableUpkeep(
                TableIdentifier(namespace: "db", name: "t"), maximumRuns: maximumRuns, vacuums: vacuums, progress)
        }

        mutating func send(_ event: TableUpkeep.Event, random: UInt64 = 0) -> TableUpkeep.Action {
            let action = upkeep.handle(event, random: random)
            actions.append(action)
            return action
        }

        /// Runs to the end; each execution ends as the next of these.
        mutating func run(_ endings: [AthenaExecution]) {
            var endings = endings[...]
            var event = TableUpkeep.Event.begun
            while true {
                switch send(event) {
                case .start:
                    executions += 1
                    event = .started(.success("e\(executions)"))
                case .show:
                    guard let ending = endings.popFirst() else { return }
                    event = .shown(.success(ending))
                case .wait: event = .waited
                case .finish: return
                }
            }
        }

        /// Statements that were started.
        var starts: [String] {
            actions.compactMap {
                if case .start(let statement, let attempt) = $0 { "\(statement.rawValue) \(attempt)" } else { nil }
            }
        }
        var waits: [Int64] { actions.compactMap { if case .wait(let time) = $0 { time } else { nil } } }
        var isFinished: Bool { actions.last == .finish }
        var failure: String? { upkeep.progress.failure }
    }

    private static func ending(
        _ state: AthenaExecution.State, _ reason: String? = nil, bytes: Int64? = nil, isRetryable: Bool = false
    ) -> AthenaExecution {
        AthenaExecution(
            state: state, reason: reason, outputLocation: nil, scannedBytes: bytes, milliseconds: bytes,
            isRetryable: isRetryable)
    }

    private static let done = ending(.succeeded, bytes: 5)

    @Test func optimizesThenVacuums() {
        var way = Way()
        way.run([Self.ending(.queued), Self.ending(.running), Self.done, Self.done])
        #expect(way.starts == ["optimize 1", "vacuum 1"])
        #expect(way.isFinished && way.failure == nil)
        #expect(way.upkeep.progress.scannedBytes == 10 && way.upkeep.progress.athenaMs == 10)
        #expect(way.upkeep.progress.runs == [.optimize: 1, .vacuum: 1])
        #expect(way.waits == [200, 300, 450, 200])
    }

    @Test func leavesVacuumOutIfItIsNotWanted() {
        var way = Way(vacuums: false)
        way.run([Self.done])
        #expect(way.starts == ["optimize 1"] && way.isFinished && way.failure == nil)
    }

    @Test func repeatsAtOnceWhileMoreRunsAreNeeded() {
        var way = Way()
        let (more, moreToVacuum) = (Self.ending(.failed, Self.more), Self.ending(.failed, Self.moreToVacuum))
        way.run([more, more, Self.done, moreToVacuum, Self.done])
        #expect(way.starts == ["optimize 1", "optimize 2", "optimize 3", "vacuum 1", "vacuum 2"])
        #expect(way.isFinished && way.failure == nil)
        #expect(way.waits.allSatisfy { $0 == 200 })
    }

    @Test func vacuumsAfterAsManyRunsAsAreAllowedAndSaysThatWorkIsLeft() {
        var way = Way()
        way.run(Array(repeating: Self.ending(.failed, Self.more), count: 3) + [Self.done])
        #expect(way.starts == ["optimize 1", "optimize 2", "optimize 3", "vacuum 1"])
        #expect(way.isFinished && way.failure == "OPTIMIZE still had work to do after 3 runs")
        way = Way(maximumRuns: 1)
        way.run([Self.ending(.failed, Self.more), Self.ending(.failed, Self.moreToVacuum)])
        #expect(way.failure == "OPTIMIZE still had work to do after 1 runs; VACUUM still had work to do after 1 runs")
    }

    @Test func waitsLongerAfterEachConflictAndGivesUpAfterMany() {
        var way = Way()
        way.run([Self.ending(.failed, Self.conflict), Self.done, Self.ending(.failed, Self.conflict), Self.done])
        #expect(way.starts == ["optimize 1", "optimize 2", "vacuum 1", "vacuum 2"] && way.failure == nil)
        way = Way()
        way.run(Array(repeating: Self.ending(.failed, Self.conflict), count: 9))
        #expect(way.starts.count == TableUpkeep.conflictLimit + 1 && way.isFinished)
        #expect(way.failure?.hasPrefix("OPTIMIZE: other writers came first 6 times: ICEBERG_COMMIT_ERROR") == true)
        #expect(way.waits.filter { $0 != 200 } == [1_000, 2_000, 4_000, 8_000, 16_000])
    }

    @Test func repeatsWhatAthenaCallsRetryableTwice() {
        var way = Way()
        let fault = Self.ending(.failed, "GENERIC_INTERNAL_ERROR", isRetryable: true)
        way.run([fault, fault, Self.done, Self.done])
        #expect(way.starts == ["optimize 1", "optimize 2", "optimize 3", "vacuum 1"] && way.failure == nil)
        way = Way()
        way.run([fault, fault, fault])
        #expect(way.isFinished && way.failure == "OPTIMIZE: GENERIC_INTERNAL_ERROR")
    }

    @Test(arguments: [
        (ending(.failed, "TABLE_NOT_FOUND: line 1"), "OPTIMIZE: TABLE_NOT_FOUND: line 1"),
        (ending(.failed), "OPTIMIZE: Athena gave no reason"), (ending(.failed, "a\nb\u{7F}c"), "OPTIMIZE: a b c"),
        (ending(.cancelled), "OPTIMIZE: it was cancelled"),
        (ending(.cancelled, "by user"), "OPTIMIZE: it was cancelled: by user"),
        (ending(.cancelled, more), "OPTIMIZE: it was cancelled: \(more)"),
    ])
    func otherEndingsFailTheTableWithoutVacuum(_ ending: AthenaExecution, _ failure: String) {
        var way = Way()
        way.run([ending])
        #expect(way.starts == ["optimize 1"] && way.isFinished && way.failure == failure)
    }

    @Test func failureOfVacuumIsTold() {
        var way = Way()
        way.run([Self.done, Self.ending(.failed, "GENERIC_INTERNAL_ERROR: Path missing in file system location")])
        #expect(way.isFinished && way.failure?.hasPrefix("VACUUM: GENERIC_INTERNAL_ERROR: Path missing") == true)
    }

    @Test func callThatFailsIsRepeatedWithItsTokenIfTheFaultPasses() {
        var way = Way()
        #expect(way.send(.begun) == .start(.optimize, attempt: 1))
        let passing = UpkeepFault("athena StartQueryExecution: ThrottlingException", passes: true)
        #expect(way.send(.started(.failure(passing)), random: 7) == .wait(507))
        #expect(way.send(.waited) == .start(.optimize, attempt: 1))
        #expect(way.send(.started(.success("e"))) == .wait(200))
        #expect(way.send(.waited) == .show("e"))
        #expect(way.send(.shown(.failure(passing))) == .wait(500))
        #expect(way.send(.waited) == .show("e"))
        #expect(way.send(.shown(.success(Self.done))) == .start(.vacuum, attempt: 1))
    }

    @Test(arguments: [true, false])
    func callThatKeepsFailingFailsTheTable(_ passes: Bool) {
        let fault = UpkeepFault("athena GetQueryExecution: InvalidRequestException", passes: passes)
        for isOfStart in [true, false] {
            var way = Way()
            _ = way.send(.begun)
            if !isOfStart {
                _ = way.send(.started(.success("e")))
                _ = way.send(.waited)
            }
            var faults = 0
            while way.send(isOfStart ? .started(.failure(fault)) : .shown(.failure(fault))) != .finish {
                faults += 1
                _ = way.send(.waited)
            }
            #expect(faults == (passes ? TableUpkeep.faultLimit : 0))
            #expect(way.failure == "OPTIMIZE: athena GetQueryExecution: InvalidRequestException")
        }
    }

    @Test func faultsThatAreNotInARowAreForgotten() {
        var way = Way()
        let passing = UpkeepFault("x", passes: true)
        _ = way.send(.begun)
        _ = way.send(.started(.success("e")))
        for _ in 0..<30 {
            _ = way.send(.waited)
            #expect(way.send(.shown(.failure(passing))) == .wait(500))
            _ = way.send(.waited)
            _ = way.send(.shown(.success(Self.ending(.running))))
        }
        #expect(!way.isFinished)
    }

    @Test func looksLessAndLessOften() {
        var way = Way()
        way.run(Array(repeating: Self.ending(.running), count: 20) + [Self.done, Self.done])
        #expect(way.waits.prefix(20).last == 10_000 && way.waits.max() == 10_000)
    }

    /// A run that is handed on between any two steps takes the same executions as one that is not.
    @Test func goesOnAfterBeingHandedOnAtAnyPoint() throws {
        let endings = [
            Self.ending(.queued), Self.ending(.failed, Self.more), Self.ending(.failed, Self.conflict),
            Self.ending(.running), Self.done, Self.ending(.failed, Self.moreToVacuum), Self.done,
        ]
        var whole = Way()
        whole.run(endings)
        for cut in 1..<whole.actions.count {
            var upkeep = TableUpkeep(TableIdentifier(namespace: "db", name: "t"), maximumRuns: 3, vacuums: true)
            var left = endings[...]
            var event = TableUpkeep.Event.begun
            var starts: [String] = []
            var executions = 0
            var steps = 0
            loop: while true {
                if steps == cut {
                    // What is under way is lost with the process; the token makes a start that was lost the same one.
                    var progress = upkeep.progress
                    progress.startedMs = 1
                    let handed = UpkeepOptions.Continuation(
                        hop: 1, tables: [.init(table: upkeep.table, progress: progress)])
                    let read = try #require(UpkeepOptions.Continuation(handed.value))
                    upkeep = TableUpkeep(
                        upkeep.table, maximumRuns: 3, vacuums: true, read.tables[0].progress)
                    event = .begun
                }
                steps += 1
                switch upkeep.handle(event, random: 0) {
                case .start(let statement, let attempt):
                    let start = "\(statement.rawValue) \(attempt)"
                    if starts.last != start {
                        starts.append(start)
                        executions += 1
                    }
                    event = .started(.success("e\(executions)"))
                case .show:
                    event = .shown(.success(try #require(left.first)))
                    if steps != cut { left = left.dropFirst() }
                case .wait: event = .waited
                case .finish: break loop
                }
            }
            #expect(starts == whole.starts, "handed on after \(cut) steps")
            #expect(upkeep.progress.failure == nil)
        }
    }
}
