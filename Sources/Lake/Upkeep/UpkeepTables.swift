internal import AWS
internal import Iceberg

/// The tables that a run is about, as the catalog has them.
struct UpkeepTables {
    /// Something that is not worked on, and why.
    struct PassedOver: Equatable {
        let name: String
        let reason: String
    }

    /// The Iceberg tables, by database and name.
    private(set) var found: [TableIdentifier] = []
    /// Views, plain tables, and databases of the definition that do not exist.
    private(set) var passedOver: [PassedOver] = []
    /// What could not be looked up, or is missing although it was asked for.
    private(set) var failures: [UpkeepResult] = []

    /// Looks them up.
    /// - Throws: ``JobError/Upkeep/unknownDatabase``; the catalog's fault if not one database could be looked up.
    init(_ options: UpkeepOptions, in lake: Lake) throws {
        let isChosen = options.databases != nil
        var databases = options.databases ?? options.tables?.map(\.namespace) ?? lake.definition.databases.map(\.name)
        var seen: Set<String> = []
        databases.removeAll { !seen.insert($0).inserted }
        var firstFault: IcebergError?
        var hasAnswer = databases.isEmpty
        for database in databases {
            do throws(IcebergError) {
                try look(in: database, lake)
                hasAnswer = true
            } catch  where error.code == .notFound {
                guard !isChosen else {
                    throw JobError(
                        .upkeep(.unknownDatabase),
                        "the catalog has no database \"\(database)\": correct databases, or run "
                            + "bootstrap-tables")
                }
                hasAnswer = true
                passedOver.append(PassedOver(name: database, reason: "the catalog has no such database"))
            } catch {
                firstFault = firstFault ?? error
                failures.append(UpkeepResult(name: database, failure: "its tables cannot be listed: \(error)"))
            }
        }
        if !hasAnswer, let firstFault { throw firstFault }
        if let tables = options.tables { choose(tables) }
    }

    private mutating func look(in database: String, _ lake: Lake) throws(IcebergError) {
        guard let glue = lake.glue else {
            guard try lake.catalog.namespaces().contains(database) else {
                throw IcebergError(.notFound, "the catalog has no such database", at: database)
            }
            found += try lake.catalog.tables(in: database)
            return
        }
        let tables: [GlueTable]
        do {
            tables = try glue.tables(in: database)
        } catch {
            throw IcebergError(error.kind == .notFound ? .notFound : .unavailable, "\(error)", at: database)
        }
        for table in tables.sorted(by: { $0.name < $1.name }) {
            if table.parameter("table_type")?.lowercased() == "iceberg" {
                found.append(TableIdentifier(namespace: database, name: table.name))
            } else {
                passedOver.append(
                    PassedOver(
                        name: "\(database).\(table.name)",
                        reason: table.type == "VIRTUAL_VIEW" ? "a view" : "not an Iceberg table"))
            }
        }
    }

    /// Keeps these alone, and notes which of them there are not.
    private mutating func choose(_ tables: [TableIdentifier]) {
        let names = Set(tables.map(\.description))
        found.removeAll { !tables.contains($0) }
        passedOver.removeAll { !names.contains($0.name) && !tables.map(\.namespace).contains($0.name) }
        for table in tables where !found.contains(table) && !failures.contains(where: { $0.name == table.namespace }) {
            let reason = passedOver.first { $0.name == table.description }?.reason
            failures.append(
                UpkeepResult(name: table.description, failure: reason.map { "it is \($0)" } ?? "there is no such table")
            )
        }
        passedOver.removeAll { names.contains($0.name) }
    }
}
