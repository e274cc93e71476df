internal import AWS
internal import Catalogs
internal import Iceberg
internal import ObjectStores

/// One table of plain Parquet files: described in Glue, which is all that Athena needs. Other catalogs hold Iceberg
/// tables only, so nothing is registered there.
struct PlainBootstrap {
    let lake: Lake
    let definition: TableDefinition
    let options: BootstrapOptions

    /// How often the comparison starts over because somebody else changed the table in between.
    private static let attempts = 5

    func outcome() -> BootstrapOutcome {
        var outcome = BootstrapOutcome(
            kind: .table, name: "\(definition.identifier)", action: .unchanged, format: .parquet)
        outcome.location = lake.warehouses.folder(of: definition) + "/data/"
        do {
            if let glue = lake.glue {
                try follow(glue, &outcome)
            } else {
                try check(&outcome)
            }
        } catch let error as IcebergError where error.code == .unsupported {
            outcome.action = .refused
            outcome.refusals = [error.message]
        } catch {
            outcome.action = .failed
            outcome.fault = "\(error)"
        }
        return outcome
    }

    /// A catalog that holds Iceberg tables alone: the files go to their folder, and nobody need be told.
    private func check(_ outcome: inout BootstrapOutcome) throws(IcebergError) {
        if try lake.existing(definition.identifier) != nil {
            outcome.action = .refused
            outcome.refusals = [
                "the catalog has an Iceberg table of this name, and a table's format cannot change: choose another name"
            ]
        } else {
            outcome.notes = [
                "plain Parquet tables are registered in Glue alone; files go to "
                    + (try lake.warehouses.dataFolder(of: definition)) + "/"
            ]
        }
    }

    private func follow(_ glue: Glue, _ outcome: inout BootstrapOutcome) throws {
        let wanted = definition.plainTable(at: outcome.location ?? "")
        for attempt in 1...Self.attempts {
            do {
                guard let existing = try Self.table(definition.identifier, glue) else {
                    _ = try lake.warehouses.dataFolder(of: definition)
                    outcome.action = .created
                    outcome.lines = definition.creationLines()
                    guard !options.isDryRun else { return }
                    lake.willTake(.swap, outcome.name, .before)
                    try glue.createTable(wanted.input, in: definition.identifier.namespace)
                    lake.willTake(.swap, outcome.name, .after)
                    return
                }
                return try follow(glue, existing, wanted, &outcome)
            } catch let error as ServiceError {
                let isOvertaken = ["AlreadyExistsException", "ConcurrentModificationException"].contains(error.code)
                guard isOvertaken, attempt < Self.attempts else { throw error }
                lake.environment.sleep(Int64(50 * attempt))
            }
        }
    }

    private func follow(
        _ glue: Glue, _ existing: GlueTable, _ wanted: GluePlainTable, _ outcome: inout BootstrapOutcome
    ) throws {
        let current = try GluePlainTable(existing)
        let plan = PlainEvolution(of: current, to: wanted, definition)
        outcome.refusals = plan.refusals.map(\.description)
        outcome.lines = plan.differences.map(\.line)
        outcome.action = plan.refusals.isEmpty ? (plan.differences.isEmpty ? .unchanged : .evolved) : .refused
        if current.location != wanted.location {
            outcome.notes = [
                "the table stays at \(current.location): bootstrap-tables does not move it to \(wanted.location)"
            ]
            outcome.location = current.location
        }
        guard outcome.action == .evolved, !options.isDryRun else { return }
        guard let version = existing.versionID, !version.isEmpty else {
            throw IcebergError(.invalid, "Glue gave no VersionId, without which another change could be overwritten")
        }
        lake.willTake(.swap, outcome.name, .before)
        try glue.updateTable(
            plan.result.update(of: existing), in: definition.identifier.namespace, versionID: version)
        lake.willTake(.swap, outcome.name, .after)
    }

    private static func table(_ identifier: TableIdentifier, _ glue: Glue) throws(ServiceError) -> GlueTable? {
        do {
            return try glue.table(identifier.name, in: identifier.namespace)
        } catch {
            if error.kind == .notFound { return nil }
            throw error
        }
    }
}
