import Testing

@testable import Iceberg

/// Evolution commits through every ending of the swap.
@Suite struct EvolveTests {
    private static let wanted = TableChange.addColumn(name: "note", type: .string, doc: nil)

    /// Adds the column where it is missing.
    private static func plan(_ metadata: TableMetadata) -> [TableChange] {
        metadata.currentSchema?.field(named: "note") == nil ? [wanted] : []
    }

    @Test func changesOnlyMetadata() throws {
        let lake = try LakeInMemory()
        let table = lake.writer()
        _ = try table.append(try lake.append(table, 1...5))
        let before = try lake.fresh()
        lake.store.puts = []
        lake.clock.nowMs += 1000
        let report = try table.evolve(Self.plan)
        #expect(report.outcome == .committed && report.attempts == 1 && report.changes == [Self.wanted])
        #expect(report.schemaID == 1)
        let after = try lake.fresh()
        #expect(after.location == report.metadataLocation)
        #expect(lake.store.puts == [[after.location]])
        #expect(after.metadata.snapshots == before.metadata.snapshots)
        #expect(after.metadata.lastUpdatedMs == before.metadata.lastUpdatedMs + 1000)
        #expect(after.metadata.metadataLog.last?.metadataFile == before.location)
        #expect(try lake.writer().watermarks(of: LakeInMemory.source).shards["shard-0"]?.last == SourceOffset(5))
        // And the warm table goes on.
        _ = try table.append(try lake.append(table, 6...9))
        #expect(try lake.rows().count == 9)
        #expect(try lake.orphans() == [])
    }

    @Test func anEmptyPlanCommitsNothing() throws {
        let lake = try LakeInMemory()
        let table = lake.writer()
        _ = try table.evolve(Self.plan)
        let location = try table.metadataLocation
        for writer in [table, lake.writer()] {
            let report = try writer.evolve(Self.plan)
            #expect(report.outcome == .unchanged && report.changes == [] && report.attempts == 0)
            #expect(report.metadataLocation == location)
        }
        #expect(lake.catalog.swaps.count == 1)
    }

    @Test func aCachedVersionIsNotTrusted() throws {
        let lake = try LakeInMemory()
        let table = lake.writer()
        try table.load()
        _ = try lake.writer().evolve(Self.plan)
        #expect(try table.evolve(Self.plan).outcome == .unchanged)
    }

    @Test(
        arguments: [
            ([ScriptedCatalog.Step.conflict], 2), ([.conflict, .conflict, .conflict], 4), ([.unknownButDone], 2),
            ([.unknownNotDone], 2), ([.unknownButDoneThenOther], 2), ([.unknownThenConflict], 3),
            ([.conflict, .unknownButDone], 3), ([.conflictButDone], 1), ([.unknownNotDone, .conflictButDone], 2),
            ([.unknownButDone, .fails], 2), ([.unknownThenConflict, .unknownNotDone, .unknownButDone], 5),
        ], [false, true])
    func settles(_ script: (steps: [ScriptedCatalog.Step], attempts: Int), catalogWritesMetadata: Bool) throws {
        let lake = try LakeInMemory(catalogWritesMetadata: catalogWritesMetadata)
        lake.interfereWithPlainAppends()
        let table = lake.writer()
        _ = try table.append(try lake.append(table, 1...5))
        lake.catalog.script = script.steps
        let report = try table.evolve(Self.plan)
        #expect(report.attempts == script.attempts)
        let state = try lake.fresh()
        #expect(state.metadata.schemas.map(\.schemaID) == [0, 1], "it is added once")
        #expect(state.metadata.currentSchemaID == 1)
        #expect(try lake.orphans() == [])
        lake.catalog.script = []
        _ = try table.append(try lake.append(table, 6...6))
        #expect(try lake.rows()["shard-0:6"] == 1)
    }

    @Test func plansAgainOnTheNewestVersion() throws {
        let lake = try LakeInMemory()
        let table = lake.writer()
        lake.catalog.interfere = { [unowned lake] in
            lake.catalog.script = []
            _ = try? lake.writer().evolve { _ in [.addColumn(name: "other", type: .int, doc: nil)] }
        }
        lake.catalog.script = [.conflict]
        var seen: [Int] = []
        let report = try table.evolve { metadata in
            seen.append(metadata.currentSchemaID)
            return Self.plan(metadata)
        }
        #expect(seen == [0, 1] && report.attempts == 2)
        #expect(try lake.fresh().metadata.currentSchema?.fields.map(\.name) == ["id", "other", "note"])
        #expect(try lake.fresh().metadata.currentSchema?.fields.map(\.id) == [1, 2, 3])
        #expect(try lake.orphans() == [])
    }

    @Test func whatAnotherDidIsLeftAtThat() throws {
        let lake = try LakeInMemory()
        let table = lake.writer()
        lake.catalog.interfere = { [unowned lake] in
            lake.catalog.script = []
            _ = try? lake.writer().evolve(Self.plan)
        }
        lake.catalog.script = [.conflict]
        let report = try table.evolve(Self.plan)
        #expect(report.outcome == .unchanged && report.attempts == 1)
        #expect(try lake.fresh().metadata.schemas.count == 2)
        #expect(try lake.orphans() == [])
    }

    @Test(arguments: [
        [ScriptedCatalog.Step.unknownNotDone, .unknownNotDone, .unknownNotDone, .unknownNotDone],
        [.unknownNotDone, .fails],
    ])
    func leavesItsFileInPlaceWhenItCannotKnow(script: [ScriptedCatalog.Step]) throws {
        let lake = try LakeInMemory()
        let table = lake.writer()
        lake.catalog.script = script
        let error = #expect(throws: IcebergError.self) { try table.evolve(Self.plan) }
        #expect(error?.code == .unknownOutcome)
        #expect(lake.store.deleted == [] && lake.store.files.count == 2)
        #expect(try table.evolve(Self.plan).outcome == .committed)
    }

    /// The log is so short that it no longer tells whether our version was one of those between.
    @Test func keepsItsFileWhenTheLogIsTooShortToTell() throws {
        let lake = try LakeInMemory(properties: [
            "write.metadata.previous-versions-max": "1", "write.metadata.delete-after-commit.enabled": "false",
        ])
        let table = lake.writer()
        lake.catalog.interfere = { [unowned lake] in
            let script = lake.catalog.script
            lake.catalog.script = []
            let other = lake.writer()
            for _ in 0..<3 {
                if let append = try? lake.plainAppend(other) { _ = try? other.append(append) }
            }
            lake.catalog.script = script
        }
        lake.catalog.script = [.unknownButDoneThenOther]
        #expect(try table.evolve(Self.plan).outcome == .unchanged)
        #expect(lake.store.deleted == [])
        #expect(try lake.fresh().metadata.schemas.count == 2)
    }

    @Test func deletesItsFileAfterADefiniteFailure() throws {
        let lake = try LakeInMemory()
        let table = lake.writer()
        let before = Set(lake.store.files.keys)
        lake.catalog.script = [.fails]
        let error = #expect(throws: IcebergError.self) { try table.evolve(Self.plan) }
        #expect(error?.message == "access denied" && error?.context == ["db.t"])
        #expect(Set(lake.store.files.keys) == before)
        lake.store.fault = { _ in .fails }
        #expect(throws: IcebergError.self) { try table.evolve(Self.plan) }
        #expect(Set(lake.store.files.keys) == before)
    }

    @Test func aRefusedChangeNamesTableAndColumn() throws {
        let lake = try LakeInMemory()
        let error = #expect(throws: IcebergError.self) {
            try lake.writer().evolve { _ in [.widenColumn(name: "id", to: .string)] }
        }
        #expect(error?.code == .invalid && error?.context == ["db.t", "id"])
        #expect(lake.catalog.swaps.isEmpty && lake.store.files.count == 1)
    }

    @Test func aPlansOwnErrorComesThrough() throws {
        struct Own: Error {}
        let lake = try LakeInMemory()
        #expect(throws: Own.self) { try lake.writer().evolve { _ in throw Own() } }
    }

    @Test func givesUpAfterTheTablesRetries() throws {
        let lake = try LakeInMemory(properties: ["commit.retry.num-retries": "2"])
        lake.interfereWithPlainAppends()
        lake.catalog.script = [.conflict, .conflict, .conflict]
        let error = #expect(throws: IcebergError.self) { try lake.writer().evolve(Self.plan) }
        #expect(error?.code == .conflict)
        #expect(try lake.orphans() == [])
        let late = lake.writer()
        lake.catalog.script = [.conflict]
        #expect(throws: IcebergError.self) { try late.evolve(deadlineMs: lake.clock.nowMs + 10, Self.plan) }
        #expect(lake.catalog.script.isEmpty)
    }

    @Test func anAppendOfTheOldSchemaIsRefused() throws {
        let lake = try LakeInMemory()
        let table = lake.writer()
        let append = try lake.append(table, 1...5)
        _ = try lake.writer().evolve(Self.plan)
        let error = #expect(throws: IcebergError.self) { try table.append(append) }
        #expect(error?.code == .invalid || error?.code == .conflict)
        #expect(try table.metadata.currentSchemaID == 1, "the newest version is there to encode the rows for")
        _ = try table.append(try lake.append(table, 1...5))
        #expect(try lake.rows().count == 5)
    }
}
