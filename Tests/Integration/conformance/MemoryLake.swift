internal import Iceberg

/// Files in memory, so that only the commit's own work is timed. Data and superseded table metadata, which no commit
/// reads, are kept by name alone: a growing heap is no part of a commit's cost.
final class MemoryStore: ObjectStore {
    private var files: [String: [UInt8]] = [:]
    private var newestMetadata: String?

    func put(_ files: [NewFile]) -> [PutResult] {
        files.map { file in
            let isMetadata = file.location.hasSuffix(".metadata.json")
            if isMetadata {
                if let newestMetadata { self.files[newestMetadata] = [] }
                newestMetadata = file.location
            }
            let isRead = isMetadata || file.location.hasSuffix(".avro")
            guard self.files.updateValue(isRead ? file.bytes : [], forKey: file.location) == nil else {
                return .failed(IcebergError(.alreadyExists, "it exists", at: file.location))
            }
            return .done
        }
    }

    func get(_ location: String) throws(IcebergError) -> [UInt8] {
        guard let bytes = files[location] else { throw IcebergError(.notFound, "no such file", at: location) }
        return bytes
    }

    func delete(_ locations: [String]) -> [String] {
        for location in locations { files[location] = nil }
        return []
    }

    func list(_ prefix: String) throws(IcebergError) -> [StoredFile] {
        files.filter { $0.key.hasPrefix(prefix) }
            .map { StoredFile(location: $0.key, size: Int64($0.value.count), modifiedMs: 0) }
            .sorted { $0.location < $1.location }
    }
}

/// A catalog in memory.
final class MemoryCatalog: Catalog {
    private var current: [TableIdentifier: String] = [:]

    func load(_ table: TableIdentifier) throws(IcebergError) -> CatalogEntry {
        guard let location = current[table] else { throw IcebergError(.notFound, "no such table", at: "\(table)") }
        return CatalogEntry(location: location)
    }

    func swap(_ table: TableIdentifier, from base: TableVersion, to proposed: TableVersion) -> SwapOutcome {
        guard current[table] == base.location else { return .conflict }
        current[table] = proposed.location
        return .done
    }

    func create(_ table: TableIdentifier, _ version: TableVersion) throws(IcebergError) {
        guard current.updateValue(version.location, forKey: table) == nil else {
            throw IcebergError(.alreadyExists, "it exists", at: "\(table)")
        }
    }

    func namespaces() throws(IcebergError) -> [String] { Set(current.keys.map(\.namespace)).sorted() }

    func tables(in namespace: String) throws(IcebergError) -> [TableIdentifier] {
        current.keys.filter { $0.namespace == namespace }.sorted { $0.name < $1.name }
    }
}
