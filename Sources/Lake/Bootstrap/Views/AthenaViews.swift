internal import AWS
internal import Catalogs
internal import Iceberg
internal import JSON

/// Views of Athena, whose definitions lie in Glue. Athena makes them by a statement; Glue says whether one is needed.
///
/// Athena keeps a query in a spelling of its own, which cannot be compared with ours. So a parameter of the view in Glue
/// holds the fingerprint of what it was made of; a statement of anybody else's drops that, and the view is made anew.
struct AthenaViews {
    let lake: Lake
    let glue: Glue
    let settings: AthenaSettings
    /// When waiting must end, in milliseconds since the epoch; nil for never.
    let deadlineMs: Int64?

    /// The parameter that holds the fingerprint.
    private static let fingerprint = "swiftlake.view"

    /// Has a view be as it is defined.
    func settle(_ view: ViewDefinition, isDryRun: Bool, _ outcome: inout BootstrapOutcome) throws {
        let wanted = view.fingerprint(in: lake.definition)
        let existing = try table(view.identifier)
        if let existing, existing.type != "VIRTUAL_VIEW" {
            outcome.action = .refused
            outcome.refusals = ["Glue has a table of this name, which a view cannot take the place of"]
            return
        }
        outcome.action =
            existing == nil ? .created : existing?.parameter(Self.fingerprint) == wanted ? .unchanged : .evolved
        guard outcome.action != .unchanged else { return }
        outcome.lines = [existing == nil ? "+ query" : "~ query"]
        guard !isDryRun else { return }
        lake.willTake(.swap, "\(view.identifier)", .before)
        try run(view)
        lake.willTake(.swap, "\(view.identifier)", .after)
        try sign(view, wanted, &outcome)
    }

    /// The statement that makes a view.
    static func statement(_ view: ViewDefinition) -> String {
        // Names hold letters, digits and underscores alone; in quotes they may begin with any.
        "CREATE OR REPLACE VIEW \"\(view.identifier.namespace)\".\"\(view.identifier.name)\" AS\n\(view.sql)"
    }

    private func table(_ view: TableIdentifier) throws(ServiceError) -> GlueTable? {
        do {
            return try glue.table(view.name, in: view.namespace)
        } catch {
            if error.kind == .notFound { return nil }
            throw error
        }
    }

    private func run(_ view: ViewDefinition) throws {
        let athena = Athena(try lake.client())
        let statement = Athena.Statement(
            Self.statement(view), database: view.identifier.namespace, workGroup: settings.workGroup,
            outputLocation: settings.outputLocation)
        // The same name for every attempt of this start, so that a lost answer starts no second execution.
        let id = try athena.start(statement, token: lake.uniqueName())
        var waitMs: Int64 = 50
        while true {
            let execution = try athena.execution(id)
            switch execution.state {
            case .succeeded: return
            case .failed, .cancelled:
                throw IcebergError(
                    .invalid,
                    "Athena could not make the view: \(execution.reason ?? "\(execution.state.rawValue), without a reason")"
                        + " (execution \(id))", at: "\(view.identifier)")
            case .queued, .running: break
            }
            if let deadlineMs, lake.environment.nowMs() + waitMs >= deadlineMs {
                throw IcebergError(
                    .unavailable,
                    "the time is over while Athena still makes the view (\(execution.state.rawValue), execution \(id)); "
                        + "run bootstrap-tables again", at: "\(view.identifier)")
            }
            lake.environment.sleep(waitMs)
            waitMs = min(waitMs * 2, 2_000)
        }
    }

    /// Notes in Glue what the view was made of, and its comment. Where that fails, the view is there all the same, and is
    /// made anew by the next run.
    private func sign(_ view: ViewDefinition, _ fingerprint: String, _ outcome: inout BootstrapOutcome) throws {
        func note(_ reason: String) {
            outcome.notes.append(
                "the view is made, but not marked as up to date: \(reason); the next run makes it again")
        }
        do {
            guard let made = try table(view.identifier) else { return note("Glue does not show it yet") }
            guard let version = made.versionID, !version.isEmpty else { return note("Glue gave no VersionId") }
            let parameters: [(name: String, value: String)] = [(Self.fingerprint, fingerprint)]
            try glue.updateTable(
                GlueView.input(made, comment: view.doc, parameters: parameters), in: view.identifier.namespace,
                versionID: version)
        } catch {
            note("\(error)")
        }
    }
}
