internal import Catalogs
internal import Foundation
internal import Iceberg
internal import JSON
internal import ObjectStores

/// Commits to a lake in a folder, of Parquet files that a check has written, so that the commit alone is judged.
///
///     commits create LAKE DB.TABLE [PROPERTY=VALUE…]
///     commits append LAKE DB.TABLE BATCHES [--stop STEP] [--source NAME]
///     commits watermarks LAKE DB.TABLE SOURCE
///     commits orphans LAKE DB.TABLE [--delete]
///
/// BATCHES is a JSON file: `[{"shard":"s","first":"1","last":"9","timestamp":9,"path":"/x.parquet","rows":9},…]`.
enum Commits {
    struct Failure: Error, CustomStringConvertible { let description: String }

    static func run(_ arguments: [String]) throws {
        guard arguments.count >= 3 else { throw Failure(description: "commits CHECK LAKE DB.TABLE …") }
        let name = arguments[2].split(separator: ".")
        let lake = arguments[1]
        let catalog = try SQLiteCatalog(path: "\(lake)/catalog.db")
        let identifier = TableIdentifier(namespace: String(name[0]), name: String(name[1]))
        let rest = Array(arguments.dropFirst(3))
        switch arguments[0] {
        case "create": try create(identifier, catalog, lake, rest)
        case "append": try append(identifier, catalog, rest)
        case "watermarks":
            let table = Table(identifier, catalog: catalog, store: FileObjectStore(), environment: .system)
            print(try table.watermarks(of: rest[0]).serialized())
        case "orphans":
            let table = Table(identifier, catalog: catalog, store: FileObjectStore(), environment: .system)
            let found = try table.orphans(minimumAgeMs: -60_000).map(\.location)
            if rest.contains("--delete") { _ = try table.deleteOrphans(minimumAgeMs: -60_000) }
            print(String(decoding: JSONValue.array(found.map { .string($0) }).serialized(), as: UTF8.self))
        default: throw Failure(description: "no such check")
        }
    }

    private static func create(
        _ identifier: TableIdentifier, _ catalog: SQLiteCatalog, _ lake: String, _ properties: [String]
    ) throws {
        let schema = Schema(
            schemaID: 0,
            fields: [NestedField(id: 1, name: "id", type: .long), NestedField(id: 2, name: "word", type: .string)])
        var values: [String: String] = [:]
        for property in properties {
            let parts = property.split(separator: "=", maxSplits: 1).map(String.init)
            values[parts[0]] = parts[1]
        }
        let metadata = TableMetadata(
            tableUUID: UUID().uuidString.lowercased(),
            location: "file://\(lake)/\(identifier.namespace)/\(identifier.name)", schema: schema,
            partitionSpec: PartitionSpec(specID: 0, fields: []), sortOrder: .unsorted, properties: values,
            lastColumnID: 2, nowMs: CommitEnvironment.system.nowMs())
        let table = try Tables.create(
            identifier, metadata: metadata, catalog: catalog, store: FileObjectStore(), environment: .system)
        print(try table.metadataLocation)
    }

    struct Batch {
        var shard: String
        var range: OffsetRange
        var path: String
        var rows: Int64

        init(_ value: JSONValue) throws {
            guard let shard = value["shard"]?.string, let first = value["first"]?.string,
                let last = value["last"]?.string, let timestamp = value["timestamp"]?.integer,
                let path = value["path"]?.string, let rows = value["rows"]?.integer
            else { throw Failure(description: "a batch lacks a member") }
            self.shard = shard
            range = OffsetRange(
                first: try SourceOffset(parsing: first), last: try SourceOffset(parsing: last),
                maximumTimestampMs: timestamp)
            self.path = path
            self.rows = rows
        }
    }

    /// Appends each batch that is not in yet, and prints one line for each: what happened, and how long it took.
    private static func append(
        _ identifier: TableIdentifier, _ catalog: SQLiteCatalog, _ arguments: [String]
    ) throws {
        var environment = CommitEnvironment.system
        if let option = arguments.firstIndex(of: "--stop"), let stop = Int(arguments[option + 1]) {
            var steps = 0
            environment.willTake = { _ in
                if steps == stop { kill(getpid(), SIGKILL) }
                steps += 1
            }
        }
        let source = arguments.firstIndex(of: "--source").map { arguments[$0 + 1] } ?? "test"
        let text = try Data(contentsOf: URL(fileURLWithPath: arguments[0]))
        let batches = try (JSONValue(parsing: Array(text)).elements ?? []).map(Batch.init)
        let table = Table(identifier, catalog: catalog, store: FileObjectStore(), environment: environment)
        for batch in batches {
            let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: batch.path)))
            let start = ContinuousClock.now
            let outcome = try take(batch, bytes, table, source)
            let elapsed = (ContinuousClock.now - start) / .microseconds(1)
            print("\(batch.shard) \(batch.range.first) \(outcome) \(Int(elapsed))")
        }
    }

    /// Computes the append again after each refusal that a newer version answers, as a job does.
    private static func take(_ batch: Batch, _ bytes: [UInt8], _ table: Table, _ source: String) throws -> String {
        for _ in 0..<100 {
            let watermarks = try table.watermarks(of: source)
            let isNew = try watermarks.admits(
                shard: batch.shard, offset: batch.range.last, timestampMs: batch.range.maximumTimestampMs)
            guard isNew else { return "replay" }
            let metadata = try table.metadata
            let file = DataFile(
                filePath: "\(metadata.dataDirectory)/\(UUID().uuidString).parquet", partition: [],
                recordCount: batch.rows, fileSizeInBytes: Int64(bytes.count))
            var append = Append(encodedFor: metadata, files: [.init(file, bytes: bytes)])
            append.take([batch.shard: batch.range], against: watermarks)
            do {
                let report = try table.append(append)
                return "\(report.outcome)"
            } catch {
                guard error.code == .staleOffsets || error.code == .conflict else { throw error }
            }
        }
        throw Failure(description: "the batch was refused too often")
    }
}
