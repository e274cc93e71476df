import TestSupport
import Testing

@testable import Iceberg

@Suite struct TablesTests {
    private func metadata() -> TableMetadata {
        TableMetadata(
            tableUUID: "0f1bbb1e-66ba-4a5e-9f0c-6d9d4bca1a6b", location: "file:///lake/db/t",
            schema: Schema(schemaID: 0, fields: [NestedField(id: 1, name: "id", type: .long)]),
            partitionSpec: PartitionSpec(specID: 0, fields: []), sortOrder: .unsorted, properties: [:],
            lastColumnID: 1, nowMs: 1)
    }

    private func create(
        _ catalog: ScriptedCatalog, _ store: MemoryStore, _ seed: UInt64,
        willTake: ((CommitStep) -> Void)? = nil
    ) throws(IcebergError) -> Table {
        let environment = CommitEnvironment(
            nowMs: { 1 }, random: SeededGenerator(seed: seed), sleep: { _ in }, willTake: willTake)
        return try Tables.create(
            TableIdentifier(namespace: "db", name: "t"), metadata: metadata(), catalog: catalog, store: store,
            environment: environment)
    }

    @Test func writesAndRegistersTheFirstMetadataFile() throws {
        let (catalog, store) = (ScriptedCatalog(), MemoryStore())
        var steps: [CommitStep] = []
        let table = try create(catalog, store, 1) { steps.append($0) }
        let location = try table.metadataLocation
        #expect(location.hasPrefix("file:///lake/db/t/metadata/00000-"))
        #expect(store.files.keys.sorted() == [location])
        #expect(
            steps == [
                CommitStep(.put, location, .before), CommitStep(.put, location, .after),
                CommitStep(.swap, location, .before), CommitStep(.swap, location, .after),
            ])
    }

    @Test func opensTheTableOfWhoeverCameFirst() throws {
        let (catalog, store) = (ScriptedCatalog(), MemoryStore())
        let first = try create(catalog, store, 1)
        let second = try create(catalog, store, 2)
        #expect(try second.metadataLocation == (try first.metadataLocation))
        #expect(store.files.count == 1, "the loser takes its file away")
    }

    /// The request may have been sent twice, and another writer may have gone on from the table in between.
    @Test func keepsTheFirstVersionOfATableThatItRegisteredItself() throws {
        for othersCommit in [false, true] {
            let (catalog, store) = (ScriptedCatalog(), MemoryStore())
            catalog.repeatsRegistration = true
            catalog.interfere = {
                guard othersCommit else { return }
                let environment = CommitEnvironment(nowMs: { 2 }, random: SeededGenerator(seed: 9), sleep: { _ in })
                let other = Table(
                    TableIdentifier(namespace: "db", name: "t"), catalog: catalog, store: store,
                    environment: environment)
                guard let metadata = try? other.metadata else { return }
                _ = try? other.append(Append(encodedFor: metadata))
            }
            let table = try create(catalog, store, 1)
            #expect(try table.metadata.snapshots.count == (othersCommit ? 1 : 0))
            #expect(store.files.keys.filter { $0.contains("/00000-") }.count == 1)
            #expect(store.deleted.isEmpty)
        }
    }

    @Test func saysWhyThereIsNoTable() {
        let (catalog, store) = (ScriptedCatalog(), MemoryStore())
        store.fault = { _ in .fails }
        let error = #expect(throws: IcebergError.self) { try create(catalog, store, 1) }
        #expect(error?.description.hasPrefix("db.t: ") == true)
        #expect(catalog.tables.isEmpty)
    }
}

@Suite struct CommitStepTests {
    @Test func announcesEveryStepBeforeAndAfter() throws {
        let lake = try LakeInMemory(properties: ["swiftlake.snapshots.max": "1", "swiftlake.delete.min-age-ms": "0"])
        var steps: [CommitStep] = []
        let table = lake.writer { steps.append($0) }
        _ = try table.append(try lake.append(table, 1...1))
        lake.clock.nowMs += 1
        steps = []
        _ = try table.append(try lake.append(table, 2...2))
        #expect(steps.map(\.kind) == [.put, .put, .put, .put, .put, .put, .put, .put, .swap, .swap, .delete, .delete])
        for pair in stride(from: 0, to: steps.count, by: 2) {
            #expect(steps[pair].moment == .before)
            #expect(steps[pair + 1].moment == .after)
            #expect(steps[pair].location == steps[pair + 1].location)
        }
    }
}
