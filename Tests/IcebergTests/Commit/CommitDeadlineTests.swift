import Testing

@testable import Iceberg

/// A commit with a deadline waits up to it, and never past it.
@Suite struct CommitDeadlineTests {
    /// Waits of at least 500 ms and at most 1000 ms.
    private static let properties = ["commit.retry.min-wait-ms": "1000", "commit.retry.max-wait-ms": "1000"]

    private func outcome(
        script: [ScriptedCatalog.Step], milliseconds: Int64, failingReads: Int = 0
    ) throws -> (Result<CommitReport, IcebergError>, LakeInMemory) {
        let lake = try LakeInMemory(properties: Self.properties)
        lake.interfereWithPlainAppends()
        let table = lake.writer()
        var append = try lake.append(table, 1...5)
        append.deadlineMs = lake.clock.nowMs + milliseconds
        lake.catalog.script = script
        lake.catalog.failingReads = failingReads
        let deadline = lake.clock.nowMs + milliseconds
        do {
            let report = try table.append(append)
            lake.catalog.failingReads = 0
            return (.success(report), lake)
        } catch {
            lake.catalog.failingReads = 0
            #expect(lake.clock.nowMs < deadline || lake.clock.waits.isEmpty)
            return (.failure(error), lake)
        }
    }

    private func code(_ result: Result<CommitReport, IcebergError>) -> IcebergError.Code? {
        if case .failure(let error) = result { error.code } else { nil }
    }

    @Test(arguments: [(Int64(0), 0), (400, 0), (1001, 1), (2001, 2)])
    func aConflictIsReportedInsteadOfAWaitPastTheDeadline(milliseconds: Int64, leastWaits: Int) throws {
        let (result, lake) = try outcome(
            script: Array(repeating: .conflict, count: 5), milliseconds: milliseconds)
        #expect(code(result) == .conflict)
        #expect(lake.clock.waits.count >= leastWaits)
        #expect(lake.clock.waits.reduce(0, +) <= milliseconds)
        // Nothing of the append is left, and it can be sent again.
        #expect(try lake.orphans() == [])
        let table = lake.writer()
        lake.catalog.script = []
        _ = try table.append(try lake.append(table, 1...5))
        #expect(try lake.rows()["shard-0:1"] == 1)
    }

    @Test func aConflictIsTriedAgainWhileThereIsTime() throws {
        let (result, lake) = try outcome(script: [.conflict, .conflict], milliseconds: 2001)
        #expect(try result.get().attempts == 3)
        #expect(lake.clock.waits.count == 2)
    }

    @Test func anUnknownSwapIsSettledByReadingWhenThereIsNoTimeToWait() throws {
        let (landed, lake) = try outcome(script: [.unknownButDone], milliseconds: 100)
        #expect(try landed.get().outcome == .committed)
        #expect(lake.clock.waits.isEmpty)
        #expect(lake.catalog.swaps.count == 1)
        let (open, other) = try outcome(script: [.unknownNotDone], milliseconds: 100)
        #expect(code(open) == .unknownOutcome)
        #expect(other.clock.waits.isEmpty)
        #expect(other.store.deleted == [])
    }

    @Test func anUnknownSwapThatCannotBeReadStaysUnknown() throws {
        let (result, lake) = try outcome(script: [.unknownButDone], milliseconds: 1500, failingReads: 100)
        #expect(code(result) == .unknownOutcome)
        #expect(lake.clock.waits.reduce(0, +) < 1500)
        #expect(lake.store.deleted == [])
        #expect(try lake.rows().count == 5)
    }

    @Test func aSwapThatLostIsNotTriedAgainAfterTheDeadline() throws {
        let (result, lake) = try outcome(script: [.unknownThenConflict], milliseconds: 0)
        #expect(code(result) == .conflict)
        #expect(lake.clock.waits.isEmpty)
        #expect(try lake.rows()["shard-0:1"] == nil)
    }

    @Test func filesAreNotPutAgainPastTheDeadline() throws {
        let lake = try LakeInMemory(properties: Self.properties)
        let table = lake.writer()
        let before = Set(lake.store.files.keys)
        var append = try lake.append(table, 1...5)
        append.deadlineMs = lake.clock.nowMs + 100
        lake.store.fault = { $0.contains("-m0.avro") ? .unknownButDone : nil }
        let error = #expect(throws: IcebergError.self) { try table.append(append) }
        #expect(error?.code == .unavailable)
        #expect(lake.clock.waits.isEmpty)
        #expect(Set(lake.store.files.keys) == before)
    }

    @Test func withoutADeadlineEveryRetryIsMade() throws {
        let lake = try LakeInMemory(properties: Self.properties)
        lake.interfereWithPlainAppends()
        let table = lake.writer()
        let append = try lake.append(table, 1...5)
        lake.catalog.script = Array(repeating: .conflict, count: 5)
        #expect(throws: IcebergError.self) { try table.append(append) }
        #expect(lake.clock.waits.count == 4)
    }
}
