import TestSupport
import Testing

@testable import Iceberg

/// A time that moves only when told to, or when something waits.
final class ManualClock {
    var nowMs: Int64 = 1_700_000_000_000
    var waits: [Int64] = []
}

/// A catalog and a store in memory, with one table in them, and writers of that table.
final class LakeInMemory {
    static let source = "arn:aws:kinesis:eu-central-1:1:stream/sensors"

    let catalog = ScriptedCatalog()
    let store = MemoryStore()
    let clock = ManualClock()
    let identifier = TableIdentifier(namespace: "db", name: "t")
    private var writers: UInt64 = 0
    private var files = 0

    /// - Parameter catalogWritesMetadata: whether the catalog is one that takes changes.
    init(properties: [String: String] = [:], catalogWritesMetadata: Bool = false) throws {
        catalog.writesMetadata = catalogWritesMetadata
        let schema = Schema(schemaID: 0, fields: [NestedField(id: 1, name: "id", type: .long)])
        let metadata = TableMetadata(
            tableUUID: "0f1bbb1e-66ba-4a5e-9f0c-6d9d4bca1a6b", location: "file:///lake/db/t", schema: schema,
            partitionSpec: PartitionSpec(specID: 0, fields: []), sortOrder: .unsorted, properties: properties,
            lastColumnID: 1, nowMs: clock.nowMs)
        _ = try Tables.create(
            identifier, metadata: metadata, catalog: catalog, store: store, environment: environment())
        store.puts = []
    }

    func environment(willTake: ((CommitStep) -> Void)? = nil) -> CommitEnvironment {
        writers += 1
        let clock = self.clock
        return CommitEnvironment(
            nowMs: { clock.nowMs }, random: SeededGenerator(seed: writers),
            sleep: {
                clock.waits.append($0)
                clock.nowMs += $0
            }, willTake: willTake)
    }

    /// A new writer with its own cache.
    func writer(willTake: ((CommitStep) -> Void)? = nil) -> Table {
        Table(identifier, catalog: catalog, store: store, environment: environment(willTake: willTake))
    }

    /// What the table holds now, seen afresh.
    func fresh() throws -> TableState { try writer().read() }

    /// An append of one file, whose "rows" are offsets of one shard, spelled in the file's bytes.
    func append(
        _ table: Table, shard: String = "shard-0", _ range: ClosedRange<UInt64>, timestampMs: Int64? = nil
    ) throws -> Append {
        files += 1
        let rows = range.map { "\(shard):\($0)" }.joined(separator: ",")
        let bytes = Array(rows.utf8)
        let file = DataFile(
            filePath: "file:///lake/db/t/data/\(files).parquet", partition: [], recordCount: Int64(range.count),
            fileSizeInBytes: Int64(bytes.count))
        var append = Append(encodedFor: try table.metadata, files: [.init(file, bytes: bytes)])
        let offsets = OffsetRange(
            first: SourceOffset(range.lowerBound), last: SourceOffset(range.upperBound),
            maximumTimestampMs: timestampMs ?? Int64(range.upperBound))
        append.take([shard: offsets], against: try table.watermarks(of: Self.source))
        return append
    }

    /// An append of one file with no source.
    func plainAppend(_ table: Table, rows: Int64 = 1) throws -> Append {
        files += 1
        let file = DataFile(
            filePath: "file:///lake/db/t/data/\(files).parquet", partition: [], recordCount: rows, fileSizeInBytes: 4)
        return Append(encodedFor: try table.metadata, files: [.init(file, bytes: [1, 2, 3, 4])])
    }

    /// Lets another writer commit one row when the script asks for it.
    func interfereWithPlainAppends() {
        catalog.interfere = { [unowned self] in
            let script = catalog.script
            catalog.script = []
            let other = writer()
            if let append = try? plainAppend(other) { _ = try? other.append(append) }
            catalog.script = script
        }
    }

    /// Every row of the current snapshot, with how often it is there.
    func rows() throws -> [String: Int] {
        var found: [String: Int] = [:]
        let state = try fresh()
        for manifest in state.manifests {
            let bytes = try store.get(manifest.manifestPath)
            for entry in try ManifestReader.entries(bytes, of: manifest, metadata: state.metadata)
            where entry.status != .deleted {
                let text = String(decoding: try store.get(entry.dataFile.filePath), as: UTF8.self)
                for row in text.split(separator: ",") { found[String(row), default: 0] += 1 }
            }
        }
        return found
    }

    /// Files that the table's newest version does not refer to.
    func orphans() throws -> [String] {
        let reachable = try writer().reachableFiles()
        return store.files.keys.filter { !reachable.contains($0) }.sorted()
    }
}
