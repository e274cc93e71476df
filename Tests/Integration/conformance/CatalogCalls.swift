internal import AWS
internal import Catalogs
internal import Foundation
internal import HTTPTransport
internal import Iceberg
internal import JSON
internal import ObjectStores

/// Calls a Glue or REST catalog, named by a function's environment, as told line by line, so that other writers can act
/// in between. Each line is answered by one of JSON: what came of it, and how many requests it took.
///
///     create DB.TABLE [PROPERTY=VALUE…]     append DB.TABLE PARQUET ROWS     load DB.TABLE     reload DB.TABLE
///     add-column DB.TABLE NAME              swap-stale DB.TABLE              namespaces        tables DB
///
/// With the arguments `changes BASE PROPOSED` it prints the body of a commit to a REST catalog between two metadata files.
enum CatalogCalls {
    struct Failure: Error, CustomStringConvertible { let description: String }

    static func run(_ arguments: [String]) throws {
        if arguments.first == "changes" {
            let versions = try arguments.dropFirst().map { path in
                try TableMetadata(parsing: Array(try Data(contentsOf: URL(fileURLWithPath: path))))
            }
            let changes = try TableChanges(from: versions[0], to: versions[1])
            FileHandle.standardOutput.write(Data(changes.serialized(namespace: ["db"], name: "t")))
            return
        }
        let session = try Session(ProcessInfo.processInfo.environment)
        while let line = readLine() {
            let words = line.split(separator: " ").map(String.init)
            guard !words.isEmpty else { continue }
            let before = session.transport.statistics.requests
            var answer: [(name: String, value: JSONValue)]
            do {
                answer = try session.answer(words)
            } catch let error as IcebergError {
                answer = [("error", .string("\(error)")), ("code", .string(error.code.rawValue))]
            }
            answer.append(("requests", .integer(session.transport.statistics.requests - before)))
            // Written at once: who asked waits for it.
            FileHandle.standardOutput.write(Data(JSONValue.object(answer).serialized() + [UInt8(ascii: "\n")]))
        }
    }

    /// The catalog and the store that a function's environment names.
    static func connections(
        _ environment: [String: String], _ transport: HTTPTransport
    ) throws -> (any Catalog, any ObjectStore) {
        let warehouse = environment["LAKE_WAREHOUSE"] ?? ""
        let address = environment["LAKE_CATALOG"] ?? ""
        let isLocal = address.hasPrefix("sqlite://")
        if isLocal && warehouse.hasPrefix("file://") {
            return (try SQLiteCatalog(path: String(address.dropFirst("sqlite://".count))), FileObjectStore())
        }
        let configuration = try AWSConfiguration(environment: environment)
        let client = ServiceClient(
            configuration, credentials: CredentialsChain(configuration, deadline: transport.deadline),
            transport: transport)
        let store: any ObjectStore = warehouse.hasPrefix("file://") ? FileObjectStore() : S3ObjectStore(S3(client))
        guard address != "glue" else { return (GlueCatalog(client), store) }
        var authorization = RESTCatalogSettings.Authorization.none
        if let pair = environment["LAKE_CATALOG_CREDENTIAL"]?.split(separator: ":", maxSplits: 1) {
            authorization = .clientCredentials(id: String(pair[0]), secret: String(pair[1]))
        }
        let catalog = RESTCatalog(
            client, try RESTCatalogSettings(catalog: address, authorization: authorization, warehouse: warehouse),
            nowMs: CommitEnvironment.system.nowMs)
        return (catalog, store)
    }

    private final class Session: WarmTables {
        func answer(_ words: [String]) throws -> [(name: String, value: JSONValue)] {
            switch words[0] {
            case "namespaces": return [("names", .array(try catalog.namespaces().map { .string($0) }))]
            case "tables":
                return [("names", .array(try catalog.tables(in: words[1]).map { .string($0.description) }))]
            default: break
            }
            let parts = words[1].split(separator: ".", maxSplits: 1).map(String.init)
            let identifier = TableIdentifier(namespace: parts[0], name: parts[1])
            let rest = Array(words.dropFirst(2))
            switch words[0] {
            case "create": return try create(identifier, rest)
            case "append": return try append(identifier, rest)
            case "load": return described(try catalog.load(identifier))
            case "reload":
                try table(identifier).load()
                return [("location", .string(try table(identifier).metadataLocation))]
            case "add-column": return try addColumn(identifier, rest[0])
            case "swap-stale": return try swapStale(identifier)
            default: throw Failure(description: "no such call: \(words[0])")
            }
        }

        private func create(
            _ identifier: TableIdentifier, _ properties: [String]
        ) throws -> [(name: String, value: JSONValue)] {
            var values: [String: String] = [:]
            for property in properties {
                let pair = property.split(separator: "=", maxSplits: 1).map(String.init)
                values[pair[0]] = pair[1]
            }
            let columns = [
                NestedField(id: 0, name: "id", type: .long, doc: "counts from one"),
                NestedField(id: 0, name: "word", type: .string),
            ]
            return [("location", .string(try create(identifier, columns: columns, properties: values)))]
        }

        private func append(
            _ identifier: TableIdentifier, _ words: [String]
        ) throws -> [(name: String, value: JSONValue)] {
            let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: words[0])))
            let table = table(identifier)
            let metadata = try table.metadata
            let file = DataFile(
                filePath: "\(metadata.dataDirectory)/\(UUID().uuidString).parquet", partition: [],
                recordCount: Int64(words[1]) ?? 0, fileSizeInBytes: Int64(bytes.count))
            let report = try table.append(Append(encodedFor: metadata, files: [.init(file, bytes: bytes)]))
            return [
                ("outcome", .string("\(report.outcome)")), ("location", .string(report.metadataLocation)),
                ("snapshot", .integer(report.snapshotID)), ("attempts", .integer(report.attempts)),
            ]
        }

        /// A change of the schema, by a swap alone.
        private func addColumn(
            _ identifier: TableIdentifier, _ name: String
        ) throws -> [(name: String, value: JSONValue)] {
            let table = table(identifier)
            try table.load()
            let base = TableVersion(location: try table.metadataLocation, metadata: try table.metadata)
            var metadata = base.metadata
            try metadata.addColumns([NestedField(id: 0, name: name, type: .string, doc: "added later")])
            return described(try swap(identifier, from: base, to: metadata))
        }

        /// A swap from a version that has been left behind.
        private func swapStale(_ identifier: TableIdentifier) throws -> [(name: String, value: JSONValue)] {
            let table = table(identifier)
            try table.load()
            let stale = TableVersion(location: try table.metadataLocation, metadata: try table.metadata)
            var metadata = stale.metadata
            metadata.properties["touched"] = "first"
            let head = SnapshotReference(snapshotID: stale.metadata.currentSnapshotID ?? 0, kind: .tag)
            metadata.refs["first"] = head
            let first = try swap(identifier, from: stale, to: metadata)
            metadata.properties["touched"] = "second"
            let second = try swap(identifier, from: stale, to: metadata)
            return described(first) + described(second).map { ("second-\($0.name)", $0.value) }
        }

        private func swap(
            _ identifier: TableIdentifier, from base: TableVersion, to metadata: TableMetadata
        ) throws -> SwapOutcome {
            let proposed = TableVersion(
                location: "\(metadata.location)/metadata/00009-\(UUID().uuidString).metadata.json",
                metadata: metadata)
            if !catalog.writesMetadata {
                let file = NewFile(location: proposed.location, bytes: metadata.serialized())
                guard case .done = store.put([file])[0] else { throw Failure(description: "the file was not put") }
            }
            return catalog.swap(identifier, from: base, to: proposed)
        }

        private func described(_ outcome: SwapOutcome) -> [(name: String, value: JSONValue)] {
            switch outcome {
            case .done: return [("outcome", .string("done"))]
            case .doneAs(let entry): return [("outcome", .string("doneAs"))] + described(entry)
            case .conflict: return [("outcome", .string("conflict"))]
            case .failed(let error): return [("outcome", .string("failed")), ("error", .string("\(error)"))]
            case .unknown(let error): return [("outcome", .string("unknown")), ("error", .string("\(error)"))]
            }
        }

        private func described(_ entry: CatalogEntry) -> [(name: String, value: JSONValue)] {
            [("location", .string(entry.location)), ("metadata-bytes", .integer(entry.metadata?.count ?? -1))]
        }
    }
}
