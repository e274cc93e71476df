import Testing

@testable import Iceberg

/// Commits through a catalog that takes changes and writes the metadata file itself.
@Suite struct WritingCatalogTests {
    @Test func noMetadataFileIsPut() throws {
        let lake = try LakeInMemory(catalogWritesMetadata: true)
        let table = lake.writer()
        for range in [1...5, 6...9] as [ClosedRange<UInt64>] {
            _ = try table.append(try lake.append(table, range))
        }
        #expect(lake.store.puts.joined().allSatisfy { !$0.hasSuffix(".metadata.json") })
        #expect(lake.store.puts.map(\.count) == [3, 3], "data file, manifest and manifest list, in one wave")
        #expect(try lake.rows().count == 9)
    }

    @Test func theNextCommitStartsOnWhatTheCatalogWrote() throws {
        let lake = try LakeInMemory(catalogWritesMetadata: true)
        let table = lake.writer()
        let report = try table.append(try lake.append(table, 1...5))
        #expect(report.metadataLocation == "file:///lake/db/t/metadata/server-1.metadata.json")
        let reads = lake.store.readLocations.count
        #expect(try table.append(try lake.append(table, 6...9)).attempts == 1)
        #expect(lake.store.readLocations.count == reads, "nothing is read between two commits")
    }

    @Test func anAnswerWithoutTheVersionHasItLoaded() throws {
        let lake = try LakeInMemory(catalogWritesMetadata: true)
        lake.catalog.answersWithMetadata = false
        let table = lake.writer()
        for number in 1...3 as ClosedRange<UInt64> {
            #expect(try table.append(try lake.append(table, number...number)).outcome == .committed)
        }
        #expect(try lake.rows().count == 3)
    }

    @Test func expiryIsTheCatalogsButManifestListsAreOurs() throws {
        let lake = try LakeInMemory(
            properties: ["swiftlake.snapshots.max": "2", "swiftlake.delete.min-age-ms": "0"],
            catalogWritesMetadata: true)
        let table = lake.writer()
        for number in 1...6 as ClosedRange<UInt64> { _ = try table.append(try lake.append(table, number...number)) }
        #expect(try table.metadata.snapshots.count == 2)
        #expect(lake.store.deleted.allSatisfy { $0.contains("/snap-") } && lake.store.deleted.count == 4)
        #expect(try lake.rows().count == 6)
    }

    /// The catalog judges by main's head, which such a change does not move: a commit on its way may still succeed.
    @Test func aChangeOfPropertiesProvesNothingOfALostCommit() throws {
        let lake = try LakeInMemory(catalogWritesMetadata: true)
        let table = lake.writer()
        _ = try table.append(try lake.append(table, 1...2))
        let append = try lake.append(table, 3...5)
        lake.catalog.interfere = { [unowned lake] in
            guard var metadata = try? lake.fresh().metadata else { return }
            metadata.properties["owner"] = "somebody"
            let location = "file:///lake/db/t/metadata/changed.metadata.json"
            lake.store.files[location] = metadata.serialized()
            lake.catalog.tables[lake.identifier] = location
        }
        lake.catalog.script = [.unknownThenConflict]
        let error = #expect(throws: IcebergError.self) { try table.append(append) }
        #expect(error?.code == .unknownOutcome)
        #expect(lake.store.deleted == [])
        // Sending the same rows again settles it.
        _ = try table.append(try lake.append(table, 3...5))
        #expect(try lake.rows().count == 5)
    }

    @Test(arguments: [false, true])
    func aSwapIsPreparedBeforeItsFilesArePut(catalogWritesMetadata: Bool) throws {
        let lake = try LakeInMemory(catalogWritesMetadata: catalogWritesMetadata)
        lake.interfereWithPlainAppends()
        let table = lake.writer()
        let append = try lake.append(table, 1...2)
        lake.catalog.script = [.conflict, .succeeds]
        _ = try table.append(append)
        // The other writer's commit comes between the two attempts.
        #expect(lake.catalog.preparations == [0, 1, 2])
    }
}
