internal import AWS
internal import Iceberg

/// One Iceberg table: made where the catalog lacks it, and evolved where it differs from its definition.
struct IcebergBootstrap {
    let lake: Lake
    let definition: TableDefinition
    let options: BootstrapOptions
    let deadlineMs: Int64?

    /// What was refused, thrown out of the planning of a commit so that nothing is committed.
    private struct Refused: Error {}

    func outcome() -> BootstrapOutcome {
        var outcome = BootstrapOutcome(
            kind: .table, name: "\(definition.identifier)", action: .unchanged, format: .iceberg)
        do {
            if let table = try lake.existing(definition.identifier) {
                try follow(table, &outcome)
            } else if options.isDryRun {
                describe(&outcome)
            } else {
                let table = try create()
                describe(&outcome)
                // Another process may have come first, with an earlier definition.
                var since = BootstrapOutcome(kind: .table, name: outcome.name, action: .unchanged)
                try follow(table, &since)
                outcome.location = since.location
                if since.action == .refused { outcome = since }
            }
        } catch {
            if let error = error as? IcebergError, error.code == .unsupported {
                outcome.action = .refused
                outcome.refusals = ["\(error.message)"]
            } else {
                outcome.action = .failed
                outcome.fault = "\(error)"
            }
        }
        return outcome
    }

    private func describe(_ outcome: inout BootstrapOutcome) {
        outcome.action = .created
        outcome.lines = definition.creationLines()
        outcome.location = lake.warehouses.folder(of: definition)
    }

    private func create() throws(IcebergError) -> Table {
        let metadata = definition.newMetadata(
            in: lake.warehouses.folder(of: definition), uuid: lake.uniqueName(), nowMs: lake.environment.nowMs())
        return try Tables.create(
            definition.identifier, metadata: metadata, catalog: lake.catalog, store: lake.store,
            environment: lake.environment)
    }

    /// Has a table follow the definition as it is in the version that the commit is made on.
    private func follow(_ table: Table, _ outcome: inout BootstrapOutcome) throws {
        var evolution = TableEvolution()
        func plan(_ metadata: TableMetadata) throws -> [TableChange] {
            evolution = definition.evolution(of: metadata, allowsDrop: options.allowsDrop)
            evolution.refuseWhatDoesNotApply(to: metadata)
            guard evolution.refusals.isEmpty else { throw Refused() }
            return evolution.changes
        }
        do {
            if options.isDryRun {
                if try !plan(table.metadata).isEmpty { outcome.action = .evolved }
            } else {
                let report = try table.evolve(deadlineMs: deadlineMs, plan)
                if report.outcome == .committed { outcome.action = .evolved }
            }
        } catch is Refused {
            outcome.action = .refused
            outcome.refusals = evolution.refusals.map(\.description)
        }
        if outcome.action != .unchanged { outcome.lines = evolution.differences.map(\.line) }
        let metadata = try table.metadata
        outcome.location = metadata.location
        let folder = lake.warehouses.folder(of: definition)
        // A catalog that gives tables their places has a name for a warehouse.
        if folder.holds("://"), folder != metadata.location {
            outcome.notes.append(
                "the table stays at \(metadata.location): bootstrap-tables does not move it to \(folder)")
        }
    }
}

extension TableEvolution {
    /// Refuses the changes that the table's metadata does not take although each of them alone is sound, such as a column
    /// of the name that a partition field has.
    mutating func refuseWhatDoesNotApply(to metadata: TableMetadata) {
        guard refusals.isEmpty, !changes.isEmpty else { return }
        do {
            _ = try metadata.applying(changes)
        } catch {
            refuse(error.context.last, error.message)
        }
    }
}
