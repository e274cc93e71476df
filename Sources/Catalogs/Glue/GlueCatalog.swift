public import AWS
public import Iceberg
internal import JSON
internal import ObjectStores

/// AWS Glue's Data Catalog as an Iceberg catalog: each table's parameter `metadata_location` is the pointer, and the
/// version id of the table guards its swap, as in Iceberg's own Glue catalogs. One thread at a time may use it.
public final class GlueCatalog: Catalog {
    /// The service itself, for what is not Iceberg's: tables of plain files, partitions, views.
    public let glue: Glue
    /// The table that was asked for when its commit's files set out.
    var prepared: (table: TableIdentifier, pending: Glue.PendingTable)?

    /// Glue, reached through a client.
    /// - Parameter catalogID: the account whose catalog is meant; nil for the caller's own.
    public init(_ client: ServiceClient, catalogID: String? = nil) {
        glue = Glue(client, catalogID: catalogID)
    }

    /// Where the table's current metadata file lies: one request.
    /// - Throws: ``IcebergError/Code/notFound``; ``IcebergError/Code/unsupported`` for a view or a table that is not
    ///   Iceberg's; ``IcebergError/Code/invalid`` for a name that Glue does not take; Glue's faults.
    public func load(_ table: TableIdentifier) throws(IcebergError) -> CatalogEntry {
        // A table that was asked for beside a commit's files, and whose commit came to no swap, is given up: a request that
        // is left on the wire while a function is frozen keeps the connections that rested from being looked at.
        prepared = nil
        try GlueNames.check(table)
        let found: GlueTable
        do {
            found = try glue.table(table.name, in: table.namespace)
        } catch {
            throw IcebergError(error).at("\(table)")
        }
        do {
            return CatalogEntry(location: try GlueSwap.metadataLocation(of: found))
        } catch {
            throw error.at("\(table)")
        }
    }

    /// Registers a new table whose metadata file has been put. Its database is made where Glue says that it is missing.
    /// - Throws: ``IcebergError/Code/alreadyExists``; ``IcebergError/Code/unknownOutcome`` if Glue may have registered
    ///   it; ``IcebergError/Code/invalid`` for a name that Glue does not take; Glue's faults, which are definite.
    public func create(_ table: TableIdentifier, _ version: TableVersion) throws(IcebergError) {
        try GlueNames.check(table)
        let input = GlueTableInput.new(table.name, version)
        guard var error = creationError(input, in: table.namespace) else { return }
        if error.code == "EntityNotFoundException", !GlueSwap.mayHaveActed(error) {
            _ = try createNamespace(table.namespace, comment: nil)
            guard let second = creationError(input, in: table.namespace) else { return }
            error = second
        }
        throw Self.meaning(ofCreation: error).at("\(table)")
    }

    /// Makes a database; another process may have made it at the same time.
    /// - Throws: ``IcebergError/Code/invalid`` for a name that Glue does not take; Glue's faults. Whatever became of the
    ///   database, no table was registered in it.
    public func createNamespace(_ namespace: String, comment: String?) throws(IcebergError) -> Bool {
        try GlueNames.check(database: namespace)
        do {
            try glue.createDatabase(namespace, description: comment.map { GlueText.line($0, GlueText.description) })
            return true
        } catch {
            guard error.code == "AlreadyExistsException" else { throw IcebergError(error).at(namespace) }
            return false
        }
    }

    /// All databases, sorted by name.
    public func namespaces() throws(IcebergError) -> [String] {
        do {
            return try glue.databases().sorted()
        } catch {
            throw IcebergError(error)
        }
    }

    /// The Iceberg tables of a database, sorted by name.
    /// - Throws: ``IcebergError/Code/notFound`` if there is no such database.
    public func tables(in namespace: String) throws(IcebergError) -> [TableIdentifier] {
        try GlueNames.check(database: namespace)
        do {
            return try glue.tables(in: namespace).filter(GlueSwap.isIceberg).map(\.name).sorted()
                .map { TableIdentifier(namespace: namespace, name: $0) }
        } catch {
            throw IcebergError(error).at(namespace)
        }
    }

    private func creationError(_ input: JSONValue, in database: String) -> ServiceError? {
        do {
            try glue.createTable(input, in: database)
            return nil
        } catch {
            return error
        }
    }

    /// A creation that may have happened is never reported as a definite fault.
    private static func meaning(ofCreation error: ServiceError) -> IcebergError {
        if error.code == "AlreadyExistsException" {
            return IcebergError(.alreadyExists, "Glue has a table of this name")
        }
        guard GlueSwap.mayHaveActed(error) else { return IcebergError(error) }
        return IcebergError(.unknownOutcome, "the table may or may not be registered: \(error)")
    }
}
