internal import AWS
internal import Catalogs
internal import Iceberg
internal import JSON

/// A table of plain Parquet files: where its folders lie, and who is told of them. Where Glue is the lake's catalog it
/// has the table's place and its partitions; other catalogs know nothing of such a table.
final class PlainTable {
    let definition: TableDefinition
    private let lake: Lake
    private let glue: Glue?
    /// The table as Glue has it, and until when that is believed, in milliseconds since the epoch.
    private var known: (location: String, descriptor: JSONValue, untilMs: Int64)?
    /// Folders whose partitions Glue has.
    private var registered: Set<[UInt8]> = []

    /// How long this process believes what Glue said, in milliseconds: somebody may drop the table and make it anew.
    private static let believedMs: Int64 = 600_000

    init(_ definition: TableDefinition, lake: Lake) {
        self.definition = definition
        self.lake = lake
        glue = lake.glue
    }

    /// The partition columns, in the order of the folders.
    var keys: [ColumnDefinition] { definition.partition.compactMap { definition.column(named: $0.column) } }

    /// The folder of the partitions, without a slash at its end.
    /// - Throws: ``IcebergError/Code/notFound`` if Glue has no such table and none may be made;
    ///   ``IcebergError/Code/invalid`` if Glue has one with other keys or of another format.
    func location(nowMs: Int64) throws -> String {
        guard let glue else { return try lake.warehouses.dataFolder(of: definition) }
        if let known, nowMs < known.untilMs { return known.location }
        known = nil
        registered = []
        let identifier = definition.identifier
        let table = try table(glue) ?? made(at: lake.warehouses.dataFolder(of: definition) + "/", glue)
        let plain: GluePlainTable
        do {
            plain = try GluePlainTable(table)
        } catch {
            throw IcebergError(.invalid, error.message, at: "\(identifier)")
        }
        guard plain.partitionKeys.map(\.name) == keys.map(\.name) else {
            throw IcebergError(
                .invalid,
                "Glue has the table partitioned by \(plain.partitionKeys.map(\.name)), not as the definition says",
                at: "\(identifier)")
        }
        var location = plain.location
        while location.hasSuffix("/") { location.removeLast() }
        guard !location.isEmpty, let descriptor = table.value["StorageDescriptor"] else {
            throw IcebergError(.invalid, "Glue has the table without a place", at: "\(identifier)")
        }
        known = (location, descriptor, nowMs &+ Self.believedMs)
        return location
    }

    /// Tells Glue of partitions that this process has not told it of; one that is there counts as told.
    /// - Parameter folders: each partition's folder, with the values of its keys.
    func register(_ folders: [(location: String, values: [String])]) throws {
        guard let glue, let known, !keys.isEmpty else { return }
        let new = folders.filter { !registered.contains(Array($0.location.utf8)) }
        guard !new.isEmpty else { return }
        let partitions = new.map { folder in
            GluePartition(
                values: folder.values, storageDescriptor: Self.descriptor(known.descriptor, at: folder.location + "/"))
        }
        lake.willTake(.swap, "\(definition.identifier)", .before)
        let failures = try glue.createPartitions(
            partitions, of: definition.identifier.name, in: definition.identifier.namespace)
        lake.willTake(.swap, "\(definition.identifier)", .after)
        if let failure = failures.first {
            throw IcebergError(
                .unavailable, "Glue refused \(failures.count) partitions: \(failure.code): \(failure.message)",
                at: "\(definition.identifier)")
        }
        registered.formUnion(new.map { Array($0.location.utf8) })
    }

    /// Forgets what Glue said, after a fault that may come of it.
    func forget() {
        known = nil
        registered = []
    }

    private func table(_ glue: Glue) throws(ServiceError) -> GlueTable? {
        do {
            return try glue.table(definition.identifier.name, in: definition.identifier.namespace)
        } catch {
            if error.kind == .notFound { return nil }
            throw error
        }
    }

    private func made(at location: String, _ glue: Glue) throws -> GlueTable {
        let identifier = definition.identifier
        guard lake.createsTables else {
            throw IcebergError(
                .notFound, "Glue has no such table: run bootstrap-tables, or set LAKE_CREATE_TABLES to 1",
                at: "\(identifier)")
        }
        let input = definition.plainTable(at: location).input
        do throws(ServiceError) {
            try Self.unlessThere { () throws(ServiceError) in try glue.createTable(input, in: identifier.namespace) }
        } catch {
            guard error.code == "EntityNotFoundException" else { throw error }
            try Self.unlessThere { () throws(ServiceError) in try glue.createDatabase(identifier.namespace) }
            try Self.unlessThere { () throws(ServiceError) in try glue.createTable(input, in: identifier.namespace) }
        }
        return try glue.table(identifier.name, in: identifier.namespace)
    }

    /// Makes something, unless another process has made it at the same time.
    private static func unlessThere(_ make: () throws(ServiceError) -> Void) throws(ServiceError) {
        do {
            try make()
        } catch {
            guard error.code == "AlreadyExistsException" else { throw error }
        }
    }

    /// A table's storage descriptor for the files of one of its partitions.
    private static func descriptor(_ table: JSONValue, at location: String) -> JSONValue {
        let kept = (table.members ?? []).filter { $0.name != "Location" && $0.value != .null }
        return .object(kept + [("Location", .string(location))])
    }
}
