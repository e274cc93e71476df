internal import AWS
internal import HTTPTransport
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

    /// Until when requests may take; whoever handles an invocation sets it.
    let deadline: RequestDeadline
    private let objects: S3ObjectStore?
    private let services: ServicesOnDemand
    /// Where the tables lie.
    let warehouses: Warehouses
    /// Whether tables that are missing may be made.
    let createsTables: Bool
    /// How many threads may encode data files at once.
    let encodingThreads: Int
    /// Clock, randomness and waiting of the commits.
    private(set) var environment: CommitEnvironment
    /// When opening the lake began, in milliseconds since the epoch; nil for one that was open already.
    let startMs: Int64?
    private var tables: [TableIdentifier: Table] = [:]

    /// Opens the lake that the settings name, and makes its catalog where it is missing.
    /// - Parameter environment: clock, randomness and waiting of the commits.
    /// - Throws: ``DefinitionFileError``, or `IcebergError` if the catalog cannot be opened or seems to be lost, or a table lies
    ///   where this lake does not reach.
    public convenience init(_ configuration: LakeConfiguration, environment: CommitEnvironment = .system) throws {
        try self.init(
            configuration, OpenDefinition(configuration, environment: environment), environment: environment)
    }

    /// Opens the lake that the settings name, whose definition is read already.
    convenience init(
        _ configuration: LakeConfiguration, _ open: OpenDefinition, environment: CommitEnvironment = .system
    ) throws {
        let definition = open.definition
        try configuration.refuseUnreachable(definition.tables)
        if case .sqlite(let path) = configuration.catalog { try Folder.create(Folder.parent(of: path)) }
        let connections = try LakeConnections(
            configuration, open.services, startMs: open.startMs, environment: environment
        ) { store in
            guard case .sqlite(let path) = configuration.catalog else { return }
            try CatalogLoss.refuse(path, definition, configuration.warehouses, store: store)
        }
        var environment = environment
        if let step = configuration.killAtStep { environment.willTake = KillAtStep(step).callAsFunction }
        self.init(
            definition, connections, configuration.warehouses, createsTables: configuration.createsTables,
            encodingThreads: configuration.encodingThreads, environment: environment, startMs: open.startMs)
    }

    /// A lake around a catalog and a store that are open already.
    public convenience init(
        _ definition: LakeDefinition, catalog: any Catalog, store: any ObjectStore, warehouse: String,
        createsTables: Bool, environment: CommitEnvironment
    ) {
        self.init(
            definition, LakeConnections(catalog: catalog, store: store), Warehouses(warehouse),
            createsTables: createsTables, encodingThreads: 1, environment: environment)
    }

    private init(
        _ definition: LakeDefinition, _ connections: LakeConnections, _ warehouses: Warehouses, createsTables: Bool,
        encodingThreads: Int, environment: CommitEnvironment, startMs: Int64? = nil
    ) {
        self.definition = definition
        catalog = connections.catalog
        store = connections.store
        deadline = connections.deadline
        objects = connections.objects
        services = connections.services
        self.warehouses = warehouses
        self.createsTables = createsTables
        self.encodingThreads = encodingThreads
        self.environment = environment
        self.startMs = startMs
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
    /// - Throws: ``IcebergError/Code/notFound`` for a missing table that may not be made; the catalog's faults.
    @discardableResult
    public func preload(_ identifier: TableIdentifier) throws(IcebergError) -> [String] {
        if tables[identifier] == nil { tables[identifier] = try existing(identifier) }
        guard let metadata = try tables[identifier]?.metadata else {
            if !createsTables { throw Self.missing(identifier) }
            return []
        }
        return definition.table(identifier)?.differences(from: metadata) ?? []
    }

    /// Loads the tables now that the catalog has, and opens connections for the first commit beside that, so that the
    /// first invocation finds both.
    /// - Returns: what went wrong, or what of the definition a table does not follow, each with the table's name; and
    ///   what is wrong with the bucket.
    func warmUp(_ identifiers: [TableIdentifier]) -> [WarmUpFinding] {
        let opening = objects.flatMap { objects in
            identifiers.lazy.compactMap { self.definition.table($0) }.map(self.warehouses.warehouse)
                .first { $0.hasPrefix("s3://") }
                .map { objects.open($0, connections: Self.openedConnections) }
        }
        var findings: [WarmUpFinding] = []
        for identifier in identifiers {
            do throws(IcebergError) {
                let differences = try preload(identifier)
                if !differences.isEmpty { findings.append(.differences(identifier, differences)) }
            } catch {
                findings.append(.fault(error))
            }
        }
        do throws(IcebergError) {
            if let objects, let opening { try objects.finish(opening) }
        } catch {
            findings.append(.fault(error))
        }
        return findings
    }

    /// As many as the usual commit puts files: one of data, manifest, manifest list, metadata.
    private static let openedConnections = 4

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

    /// Announces a step that others can see, as commits do theirs.
    func willTake(_ kind: CommitStep.Kind, _ location: String, _ moment: CommitStep.Moment) {
        environment.willTake?(CommitStep(kind, location, moment))
    }

    /// What calls services: the lake's own and all others, with the same connections.
    /// - Throws: ``IcebergError/Code/invalid`` if the environment's settings of services are faulty.
    func client() throws(IcebergError) -> ServiceClient { try services.client() }

    /// The table as the catalog has it now; nil if it has none.
    func existing(_ identifier: TableIdentifier) throws(IcebergError) -> Table? {
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

    private static func missing(_ identifier: TableIdentifier) -> IcebergError {
        IcebergError(
            .notFound, "the catalog has no such table: run bootstrap-tables, or set LAKE_CREATE_TABLES to 1",
            at: "\(identifier)")
    }

    private func create(_ identifier: TableIdentifier) throws(IcebergError) -> Table {
        guard let definition = definition.table(identifier) else {
            throw IcebergError(.notFound, "neither the catalog nor lake.json has such a table", at: "\(identifier)")
        }
        guard createsTables else { throw Self.missing(identifier) }
        let metadata = definition.newMetadata(
            in: warehouses.folder(of: definition), uuid: environment.uuid(), nowMs: environment.nowMs())
        return try Tables.create(
            identifier, metadata: metadata, catalog: catalog, store: store, environment: environment)
    }
}
