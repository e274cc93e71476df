internal import AWS
internal import Catalogs
internal import Iceberg
internal import LambdaRuntime

/// One run of bootstrap-tables over a lake that is open: databases, then tables, then the views that need them.
struct BootstrapRun {
    let lake: Lake
    let options: BootstrapOptions
    /// How Athena is asked, for views.
    let athena: AthenaSettings
    /// When the last request must have been sent, in milliseconds since the epoch; nil for no such time.
    let deadlineMs: Int64?

    /// Does what the definition asks for. What cannot be done of one thing stops no other.
    func report() -> BootstrapReport {
        var report = BootstrapReport(isDryRun: options.isDryRun)
        report.outcomes += databases()
        let lost = Set(report.outcomes.filter { $0.action == .failed }.map(\.name))
        for table in lake.definition.tables where options.includes(table.identifier) {
            report.outcomes.append(lost.contains(table.identifier.namespace) ? waits(table) : outcome(of: table))
        }
        report.outcomes += views(after: report.outcomes)
        return report
    }

    // MARK: - Databases

    private func databases() -> [BootstrapOutcome] {
        let names = lake.definition.namespaces.filter { options.includes(database: $0) }
        let known: Set<String>
        do throws(IcebergError) {
            known = Set(try lake.catalog.namespaces())
        } catch {
            return names.map { BootstrapOutcome(kind: .database, name: $0, action: .failed, fault: "\(error)") }
        }
        return names.map { name in
            var outcome = BootstrapOutcome(kind: .database, name: name, action: .unchanged)
            guard !known.contains(name) else { return outcome }
            outcome.action = .created
            guard !options.isDryRun else { return outcome }
            do throws(IcebergError) {
                let comment = lake.definition.databases.first { $0.name == name }?.doc
                lake.willTake(.swap, name, .before)
                if try !lake.catalog.createNamespace(name, comment: comment) { outcome.action = .unchanged }
                lake.willTake(.swap, name, .after)
            } catch {
                outcome.action = .failed
                outcome.fault = "\(error)"
            }
            return outcome
        }
    }

    // MARK: - Tables

    private func outcome(of table: TableDefinition) -> BootstrapOutcome {
        switch table.format {
        case .iceberg:
            IcebergBootstrap(lake: lake, definition: table, options: options, deadlineMs: deadlineMs).outcome()
        case .parquet: PlainBootstrap(lake: lake, definition: table, options: options).outcome()
        }
    }

    /// A table whose database is missing: it is not tried, as the catalog would make the database without its comment.
    private func waits(_ table: TableDefinition) -> BootstrapOutcome {
        BootstrapOutcome(
            kind: .table, name: "\(table.identifier)", action: .skipped,
            notes: ["its database \(table.identifier.namespace) is not there"], format: table.format)
    }

    // MARK: - Views

    private func views(after tables: [BootstrapOutcome]) -> [BootstrapOutcome] {
        var missing = Set(
            tables.filter { [.refused, .failed, .skipped].contains($0.action) && $0.kind == .table }.map(\.name))
        // A database that could not be made has no place for a view.
        let lost = Set(tables.filter { $0.action == .failed && $0.kind == .database }.map(\.name))
        let place = ViewPlace(lake: lake, athena: athena, deadlineMs: deadlineMs)
        return lake.definition.views.filter { options.includes($0.identifier) }.map { view in
            var outcome = BootstrapOutcome(kind: .view, name: "\(view.identifier)", action: .skipped)
            let faulty = view.references(in: lake.definition).map(\.description).filter(missing.contains)
            if lost.contains(view.identifier.namespace) {
                outcome.notes = ["its database \(view.identifier.namespace) is not there"]
            } else if !faulty.isEmpty {
                outcome.notes = ["it reads \(faulty.joined(separator: ", ")), which did not come to be as defined"]
            } else {
                place.settle(view, isDryRun: options.isDryRun, &outcome)
            }
            if outcome.action == .failed || outcome.action == .skipped { missing.insert(outcome.name) }
            return outcome
        }
    }
}
