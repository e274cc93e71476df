internal import Catalogs
public import Iceberg
internal import ObjectStores

/// A lake that is open: its definition, its catalog and store, and the tables that a warm process keeps. One thread at
/// a time may use it.
public final class Lake {
    /// What the lake should hold.
    public let definition: LakeDefinition
    /// Which metadata file is each table's current one.
    public let catalog: any Catalog
    /// Where the files lie.
    public let store: any ObjectStore

    private let warehouse: String
    private let createsTables: Bool
    private var environment: CommitEnvironment
    private var tables: [TableIdentifier: Table] = [:]

    /// Opens the lake that the settings name, and makes its catalog where it is missing.
    /// - Parameter environment: clock, randomness and waiting of the commits.
    /// - Throws: ``DefinitionFileError``, or `IcebergError` if the catalog cannot be opened or seems to be lost.
    public convenience init(_ configuration: LakeConfiguration, environment: CommitEnvironment = .system) throws {
        let definition = try DefinitionFile.read(configuration.definitionPaths)
        let catalog: any Catalog
        switch configuration.catalog {
        case .sqlite(let path):
            try Folder.create(Folder.parent(of: path))
            try CatalogLoss.refuse(path, definition, warehouse: configuration.warehouse, store: FileObjectStore())
            catalog = try SQLiteCatalog(path: path, name: LakeConfiguration.catalogName)
        }
        var environment = environment
        if let step = configuration.killAtStep { environment.willTake = KillAtStep(step).callAsFunction }
        self.init(
            definition, catalog: catalog, store: FileObjectStore(), warehouse: configuration.warehouse,
            createsTables: configuration.createsTables, environment: environment)
    }

    /// A lake around a catalog and a store that are open already.
    public init(
        _ definition: LakeDefinition, catalog: any Catalog, store: any ObjectStore, warehouse: String,
        createsTables: Bool, environment: CommitEnvironment
    ) {
        self.definition = definition
        self.catalog = catalog
        self.store = store
        self.warehouse = warehouse
        self.createsTables = createsTables
        self.environment = environment
    }

    /// The table of this name, loaded once and then kept; made from the definition if the catalog lacks it and making
    /// tables is allowed.
    /// - Throws: ``IcebergError/Code/notFound`` for a table that neither has, or that may not be made.
    public func table(_ identifier: TableIdentifier) throws(IcebergError) -> Table {
        if let table = tables[identifier] { return table }
        let table: Table
        if let existing = try existing(identifier) {
            table = existing
        } else {
            table = try create(identifier)
        }
        tables[identifier] = table
        return table
    }

    /// Loads the table now if the catalog has it; one that it lacks is left for ``table(_:)`` to make.
    /// - Returns: what the definition says otherwise than the table, as ``TableDefinition/differences(from:)`` tells.
    @discardableResult
    public func preload(_ identifier: TableIdentifier) throws(IcebergError) -> [String] {
        if tables[identifier] == nil { tables[identifier] = try existing(identifier) }
        guard let metadata = try tables[identifier]?.metadata else { return [] }
        return definition.table(identifier)?.differences(from: metadata) ?? []
    }

    /// Closes the tables that are kept, so that each is looked up in the catalog when it is needed again.
    func forgetTables() { tables = [:] }

    /// How records become rows of a table of the definition, as its metadata is now. If they do not fit together, the
    /// table that is kept is looked up again, so that a warm process notices when somebody has made it fit.
    /// - Throws: `IcebergError` if metadata and definition do not fit together.
    public func columnDecodings(
        _ identifier: TableIdentifier, _ metadata: TableMetadata
    ) throws(IcebergError) -> [ColumnDecoding] {
        guard let table = definition.table(identifier), let schema = metadata.currentSchema else {
            throw IcebergError(.notFound, "the definition has no such table", at: "\(identifier)")
        }
        do {
            return try table.columnDecodings(for: schema)
        } catch {
            // Only to be quicker: a fault of the catalog comes again with whatever asks it next.
            try? tables[identifier]?.refresh()
            throw IcebergError(
                .invalid, error.problems.map(\.message).joined(separator: "; "), at: "\(identifier)")
        }
    }

    /// A name that no other file of the lake has.
    func uniqueName() -> String { environment.uuid() }

    private func existing(_ identifier: TableIdentifier) throws(IcebergError) -> Table? {
        let table = Table(identifier, catalog: catalog, store: store, environment: environment)
        do {
            try table.load()
        } catch {
            // Only the catalog's word counts: a metadata file that is lost must not be covered by a new table.
            guard error.code == .notFound else { throw error }
            guard try isCatalogued(identifier) else { return nil }
            try table.load()
        }
        return table
    }

    private func isCatalogued(_ identifier: TableIdentifier) throws(IcebergError) -> Bool {
        do {
            _ = try catalog.load(identifier)
            return true
        } catch {
            if error.code == .notFound { return false }
            throw error
        }
    }

    private func create(_ identifier: TableIdentifier) throws(IcebergError) -> Table {
        guard let definition = definition.table(identifier) else {
            throw IcebergError(.notFound, "neither the catalog nor lake.json has such a table", at: "\(identifier)")
        }
        guard createsTables else {
            throw IcebergError(
                .notFound, "the catalog has no such table: run bootstrap-tables, or set LAKE_CREATE_TABLES to 1",
                at: "\(identifier)")
        }
        let metadata = definition.newMetadata(
            warehouse: warehouse, uuid: environment.uuid(), nowMs: environment.nowMs())
        return try Tables.create(
            identifier, metadata: metadata, catalog: catalog, store: store, environment: environment)
    }
}
