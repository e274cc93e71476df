internal import Foundation
internal import HTTPTransport
internal import Iceberg

/// A catalog and a store that a function's environment names, and the tables that a warm process keeps.
class WarmTables {
    let transport = HTTPTransport()
    let catalog: any Catalog
    let store: any ObjectStore
    private let warehouse: String
    private var tables: [TableIdentifier: Table] = [:]

    init(_ environment: [String: String]) throws {
        (catalog, store) = try CatalogCalls.connections(environment, transport)
        warehouse = environment["LAKE_WAREHOUSE"] ?? ""
    }

    /// The table, as it was kept.
    func table(_ identifier: TableIdentifier) -> Table {
        if let table = tables[identifier] { return table }
        let table = Table(identifier, catalog: catalog, store: store, environment: .system)
        tables[identifier] = table
        return table
    }

    /// Makes a table, keeps it, and gives the location of its metadata file.
    func create(
        _ identifier: TableIdentifier, columns: [NestedField], partition: [NewPartitionField] = [],
        properties: [String: String]
    ) throws -> String {
        let metadata = try TableMetadata.new(
            tableUUID: UUID().uuidString.lowercased(),
            location: "\(warehouse)/\(identifier.namespace)/\(identifier.name)", columns: columns,
            partition: partition, properties: properties, nowMs: CommitEnvironment.system.nowMs())
        let table = try Tables.create(
            identifier, metadata: metadata, catalog: catalog, store: store, environment: .system)
        tables[identifier] = table
        return try table.metadataLocation
    }
}
