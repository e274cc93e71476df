import Iceberg
import TestSupport
import Testing

@testable import Lake

/// A catalog and store in memory that count what is asked of them.
private final class MemoryLake: Catalog, ObjectStore {
    var files: [String: [UInt8]] = [:]
    var current: [TableIdentifier: String] = [:]
    var reads = 0

    func load(_ table: TableIdentifier) throws(IcebergError) -> CatalogEntry {
        guard let location = current[table] else { throw IcebergError(.notFound, "no such table") }
        return CatalogEntry(location: location)
    }
    func swap(_ table: TableIdentifier, from base: TableVersion, to proposed: TableVersion) -> SwapOutcome { .conflict }
    func create(_ table: TableIdentifier, _ version: TableVersion) throws(IcebergError) {
        guard current[table] == nil else { throw IcebergError(.alreadyExists, "there is one") }
        current[table] = version.location
    }
    func namespaces() throws(IcebergError) -> [String] { Set(current.keys.map(\.namespace)).sorted() }
    func tables(in namespace: String) throws(IcebergError) -> [TableIdentifier] { [] }

    func put(_ new: [NewFile]) -> [PutResult] {
        for file in new { files[file.location] = file.bytes }
        return new.map { _ in .done }
    }
    func get(_ location: String) throws(IcebergError) -> [UInt8] {
        reads += 1
        guard let bytes = files[location] else { throw IcebergError(.notFound, "no such file", at: location) }
        return bytes
    }
    func delete(_ locations: [String]) -> [String] { [] }
    func list(_ prefix: String) throws(IcebergError) -> [StoredFile] { [] }
}

@Suite struct OpenLakeTests {
    private let identifier = TableIdentifier(namespace: "db", name: "t")
    private let memory = MemoryLake()

    private func lake(createsTables: Bool = true) throws -> Lake {
        var sample = SampleDefinition()
        sample.table = #""partition": ["hour(at)"], "sort": ["id"], "properties": {"x": "y"}"#
        return Lake(
            try sample.parsed(), catalog: memory, store: memory, warehouse: "file:///w", createsTables: createsTables,
            environment: CommitEnvironment(
                nowMs: { 5000 }, random: SeededGenerator(seed: 1), sleep: { _ in }))
    }

    @Test func aMissingTableIsMadeFromTheDefinition() throws {
        let metadata = try lake().table(identifier).metadata
        #expect(metadata.location == "file:///w/db/t")
        #expect(metadata.currentSchema?.fields.map(\.name) == ["id", "at", "c"])
        #expect(metadata.defaultSpec?.fields.map(\.name) == ["at_hour"])
        #expect(metadata.defaultSortOrder?.fields.map(\.sourceID) == [1])
        #expect(metadata.properties["x"] == "y")
        #expect(metadata.properties["write.parquet.compression-codec"] == "zstd")
        #expect(metadata.lastColumnID == 3 && metadata.lastUpdatedMs == 5000)
        #expect(metadata.tableUUID.count == 36)
        #expect(memory.current[identifier]?.hasPrefix("file:///w/db/t/metadata/00000-") == true)
    }

    @Test func aTableIsLoadedOnceAndKept() throws {
        let lake = try lake()
        let table = try lake.table(identifier)
        let reads = memory.reads
        #expect(try lake.table(identifier) === table)
        #expect(memory.reads == reads)
        let other = try self.lake(createsTables: false)
        #expect(try other.table(identifier).metadata.tableUUID == table.metadata.tableUUID)
    }

    @Test func preloadingMakesNothing() throws {
        let lake = try lake()
        try lake.preload(identifier)
        #expect(memory.current.isEmpty)
        _ = try lake.table(identifier)
        let other = try self.lake()
        try other.preload(identifier)
        let reads = memory.reads
        _ = try other.table(identifier)
        #expect(memory.reads == reads)
    }

    @Test func aTableThatMayNotBeMadeIsRefusedWithTheWayOut() throws {
        let error = #expect(throws: IcebergError.self) { try lake(createsTables: false).table(identifier) }
        #expect(error?.code == .notFound)
        #expect(error?.message.contains("bootstrap-tables") == true)
        let early = #expect(throws: IcebergError.self) { try lake(createsTables: false).preload(identifier) }
        #expect(early?.description == error?.description)
        let unknown = #expect(throws: IcebergError.self) {
            try lake().table(TableIdentifier(namespace: "db", name: "u"))
        }
        #expect(unknown?.code == .notFound)
    }

    @Test func aLostMetadataFileIsNotCoveredByANewTable() throws {
        memory.current[identifier] = "file:///w/db/t/metadata/00007-lost.metadata.json"
        #expect(throws: IcebergError.self) { try lake().table(identifier) }
        #expect(memory.current[identifier] == "file:///w/db/t/metadata/00007-lost.metadata.json")
        #expect(memory.files.isEmpty)
    }

    @Test func decodingsComeFromDefinitionAndMetadataTogether() throws {
        let lake = try lake()
        let decodings = try lake.columnDecodings(identifier, lake.table(identifier).metadata)
        #expect(decodings.map(\.field.name) == ["id", "at", "c"])
        var changed = try lake.table(identifier).metadata
        changed.schemas[0].fields.removeLast()
        let error = #expect(throws: IcebergError.self) { try lake.columnDecodings(identifier, changed) }
        #expect(error?.code == .invalid)
        #expect(error?.message.contains("\"c\"") == true)
    }
}
