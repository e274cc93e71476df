internal import Iceberg
internal import Lake

/// Reads a lake as any other reader would: from its catalog, metadata and manifests alone.
struct LakeInspector {
    let catalog: any Catalog
    let store: any ObjectStore

    /// Opens a lake that exists; nothing is made.
    init(_ place: LakePlace) throws {
        guard place.exists else {
            throw CommandFailure(
                "there is no lake: \(place.catalogPath ?? place.name) does not exist. Make one with `swiftlake demo` or "
                    + "`swiftlake invoke`, or name another with --lake DIR")
        }
        do {
            let connections = try place.connections()
            catalog = connections.catalog
            store = connections.store
        } catch {
            throw CommandFailure("the catalog \(place.catalogPath ?? place.name) cannot be opened: \(error)")
        }
    }

    /// All tables, sorted by name.
    func tables() throws -> [InspectedTable] {
        var tables: [InspectedTable] = []
        for namespace in try catalog.namespaces() {
            for identifier in try catalog.tables(in: namespace) { tables.append(try table(identifier)) }
        }
        return tables
    }

    /// The table of a name such as `iot_db.sensor_readings`.
    func table(named name: String) throws -> InspectedTable {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else {
            throw CommandFailure("\"\(name)\" is not a table's name: write database.table. \(try known())")
        }
        do {
            return try table(TableIdentifier(namespace: parts[0], name: parts[1]))
        } catch let error as IcebergError where error.code == .notFound && error.context.last == name {
            throw CommandFailure("the lake has no table \(name). \(try known())")
        }
    }

    private func known() throws -> String {
        var names: [String] = []
        for namespace in try catalog.namespaces() {
            names += try catalog.tables(in: namespace).map(\.description)
        }
        return names.isEmpty ? "It has no tables yet." : "It has \(names.joined(separator: ", "))."
    }

    private func table(_ identifier: TableIdentifier) throws -> InspectedTable {
        let entry = try catalog.load(identifier)
        let location = entry.location
        let metadata: TableMetadata
        do throws(IcebergError) {
            let bytes: [UInt8]
            if let content = entry.metadata { bytes = content } else { bytes = try store.get(location) }
            metadata = try TableMetadata(parsing: bytes)
        } catch {
            throw (error.context.contains(location) ? error : error.at(location)).at("\(identifier)")
        }
        return InspectedTable(identifier: identifier, metadataLocation: location, metadata: metadata, store: store)
    }
}
