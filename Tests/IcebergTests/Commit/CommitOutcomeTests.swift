import Testing

@testable import Iceberg

/// Every ending of the swap, at every step.
@Suite struct CommitOutcomeTests {
    @Test(
        arguments: [
            ([ScriptedCatalog.Step.unknownButDone], 2), ([.unknownNotDone], 2),
            ([.unknownNotDone, .unknownNotDone], 3),
            ([.unknownNotDone, .unknownButDone], 3), ([.unknownButDoneThenOther], 2), ([.unknownThenConflict], 3),
            ([.conflict, .unknownButDone], 3), ([.conflict, .unknownThenConflict, .conflict], 4),
            ([.unknownButDone, .fails], 2), ([.unknownButDoneThenOther, .unknownNotDone, .unknownNotDone], 4),
            ([.unknownThenConflict, .unknownNotDone, .unknownNotDone, .unknownNotDone], 5),
            ([.conflictButDone], 1), ([.conflict, .conflictButDone], 2), ([.unknownNotDone, .conflictButDone], 2),
            ([.conflict, .conflict, .conflict, .conflict, .conflictButDone], 5),
        ], [false, true])
    func settles(_ script: (steps: [ScriptedCatalog.Step], attempts: Int), catalogWritesMetadata: Bool) throws {
        let lake = try LakeInMemory(catalogWritesMetadata: catalogWritesMetadata)
        lake.interfereWithPlainAppends()
        let table = lake.writer()
        let append = try lake.append(table, 1...5)
        lake.catalog.script = script.steps
        let report = try table.append(append)
        #expect(report.outcome == .committed)
        #expect(report.attempts == script.attempts)
        let state = try lake.fresh()
        #expect(state.metadata.snapshots.filter { $0.snapshotID == report.snapshotID }.count == 1)
        let rows = try lake.rows()
        for offset in 1...5 { #expect(rows["shard-0:\(offset)"] == 1) }
        #expect(try lake.orphans() == [])
        // And the table goes on.
        _ = try table.append(try lake.append(table, 6...6))
        #expect(try lake.rows()["shard-0:6"] == 1)
    }

    @Test func settlesWithoutOffsetsThroughTheMetadataLog() throws {
        for script in [[ScriptedCatalog.Step.unknownButDoneThenOther], [.unknownThenConflict]] {
            let lake = try LakeInMemory()
            lake.interfereWithPlainAppends()
            let table = lake.writer()
            let append = try lake.plainAppend(table, rows: 7)
            lake.catalog.script = script
            _ = try table.append(append)
            let snapshots = try lake.fresh().metadata.snapshots
            #expect(snapshots.count == 2)
            #expect(snapshots.filter { $0.summary.properties["added-records"] == "7" }.count == 1)
        }
    }

    @Test(arguments: [
        [ScriptedCatalog.Step.unknownNotDone, .unknownNotDone, .unknownNotDone, .unknownNotDone],
        [.unknownNotDone, .fails],
    ])
    func leavesEverythingInPlaceWhenItCannotKnow(script: [ScriptedCatalog.Step]) throws {
        let lake = try LakeInMemory()
        let table = lake.writer()
        let append = try lake.append(table, 1...5)
        lake.catalog.script = script
        let error = #expect(throws: IcebergError.self) { try table.append(append) }
        #expect(error?.code == .unknownOutcome)
        #expect(lake.store.deleted == [])
        #expect(lake.store.files.count == 5)
        // Sending the same rows again settles it.
        _ = try table.append(try lake.append(table, 1...5))
        #expect(try lake.rows().values.allSatisfy { $0 == 1 })
    }

    @Test func doesNotGuessWhenTheCatalogCannotBeRead() throws {
        let lake = try LakeInMemory()
        let table = lake.writer()
        let append = try lake.append(table, 1...5)
        lake.catalog.script = [.unknownButDone]
        lake.catalog.failingReads = 100
        let error = #expect(throws: IcebergError.self) { try table.append(append) }
        #expect(error?.code == .unknownOutcome)
        #expect(error?.message.contains("no answer to the swap") == true, "the cause, not what failed after it")
        #expect(lake.store.deleted == [])
        lake.catalog.failingReads = 0
        #expect(try lake.rows().count == 5)
    }

    /// Something between here and the catalog's database sends again, so that the second sending is refused.
    @Test(arguments: [0, 100]) func deletesNothingOnTheCatalogsWordAlone(failingReads: Int) throws {
        let lake = try LakeInMemory(properties: ["commit.retry.num-retries": "0"])
        let table = lake.writer()
        let append = try lake.append(table, 1...5)
        lake.catalog.script = [.conflictButDone]
        lake.catalog.failingReads = failingReads
        if failingReads == 0 {
            #expect(try table.append(append).outcome == .committed)
        } else {
            #expect(throws: IcebergError.self) { try table.append(append) }
        }
        #expect(lake.store.deleted == [])
        lake.catalog.failingReads = 0
        #expect(try lake.rows().count == 5)
    }

    @Test func waitsOutAShortFaultOfTheCatalog() throws {
        let lake = try LakeInMemory()
        lake.interfereWithPlainAppends()
        let table = lake.writer()
        let append = try lake.append(table, 1...5)
        lake.catalog.script = [.unknownButDone]
        lake.catalog.failingReads = 2
        #expect(try table.append(append).outcome == .committed)
        #expect(try lake.rows().count == 5)
    }

    @Test func anotherWriterOfTheSameRecordsCountsAsCovered() throws {
        let lake = try LakeInMemory()
        let table = lake.writer()
        let append = try lake.append(table, 1...5)
        lake.catalog.interfere = { [unowned lake] in
            let script = lake.catalog.script
            lake.catalog.script = []
            let other = lake.writer()
            if let same = try? lake.append(other, 1...5) { _ = try? other.append(same) }
            lake.catalog.script = script
        }
        lake.catalog.script = [.unknownThenConflict]
        let report = try table.append(append)
        #expect(report.outcome == .covered)
        #expect(report.addedRecords == 0)
        #expect(try lake.rows() == ["1", "2", "3", "4", "5"].reduce(into: [:]) { $0["shard-0:\($1)"] = 1 })
        #expect(lake.store.deleted == [], "whose files they are is not proven")
    }

    @Test func deletesExactlyItsFilesAfterADefiniteFailure() throws {
        let lake = try LakeInMemory()
        let table = lake.writer()
        _ = try table.append(try lake.append(table, 1...2))
        let before = Set(lake.store.files.keys)
        let append = try lake.append(table, 3...5)
        lake.catalog.script = [.fails]
        let error = #expect(throws: IcebergError.self) { try table.append(append) }
        #expect(error?.message == "access denied")
        #expect(Set(lake.store.files.keys) == before)
        #expect(lake.store.deleted.count == 4)
    }

    @Test(arguments: ["/data/", "-m0.avro", "snap-", ".metadata.json"])
    func deletesWhatItPutWhenAFileCannotBe(part: String) throws {
        let lake = try LakeInMemory()
        let table = lake.writer()
        let append = try lake.append(table, 1...5)
        let before = Set(lake.store.files.keys)
        lake.store.fault = { $0.contains(part) ? .fails : nil }
        let error = #expect(throws: IcebergError.self) { try table.append(append) }
        #expect(error?.message == "no space")
        #expect(Set(lake.store.files.keys) == before)
        #expect(lake.catalog.swaps.isEmpty)
    }

    @Test(
        arguments: ["/data/", "-m0.avro", "snap-", ".metadata.json"],
        [MemoryStore.Fault.unknownButDone, .unknownNotDone])
    func putsAFileAgainWhoseAnswerWasLost(part: String, fault: MemoryStore.Fault) throws {
        let lake = try LakeInMemory()
        let table = lake.writer()
        let append = try lake.append(table, 1...5)
        var faults = 1
        lake.store.fault = { location in
            guard location.contains(part), faults > 0 else { return nil }
            faults -= 1
            return fault
        }
        _ = try table.append(append)
        #expect(lake.store.puts.map(\.count) == [4, 1])
        #expect(try lake.rows().count == 5)
        #expect(try lake.orphans() == [])
    }

    @Test func neverDeletesAFileThatWasThereBefore() throws {
        let lake = try LakeInMemory()
        let table = lake.writer()
        let append = try lake.append(table, 1...5)
        let taken = append.files[0].dataFile.filePath
        lake.store.files[taken] = [9]
        let error = #expect(throws: IcebergError.self) { try table.append(append) }
        #expect(error?.code == .alreadyExists)
        #expect(lake.store.files[taken] == [9])
        #expect(!lake.store.deleted.contains(taken))
    }
}
