internal import Catalogs
internal import Iceberg

/// Where a lake keeps its views: Athena's in Glue, those of a lake on this machine as files beside its catalog.
struct ViewPlace {
    let lake: Lake
    let athena: AthenaSettings
    let deadlineMs: Int64?

    /// Has a view be as it is defined, or says in the outcome why not.
    func settle(_ view: ViewDefinition, isDryRun: Bool, _ outcome: inout BootstrapOutcome) {
        do {
            if let glue = lake.glue {
                let views = AthenaViews(lake: lake, glue: glue, settings: athena, deadlineMs: deadlineMs)
                try views.settle(view, isDryRun: isDryRun, &outcome)
            } else if let catalog = lake.catalog as? SQLiteCatalog {
                let files = ViewFiles(folder: Folder.parent(of: catalog.path) + "/views")
                try files.settle(view, isDryRun: isDryRun, willTake: lake.willTake, &outcome)
            } else {
                outcome.action = .skipped
                outcome.notes = [
                    "views are kept in Glue by Athena, and beside a SQLite catalog; this catalog holds none of them"
                ]
            }
        } catch {
            outcome.action = .failed
            outcome.fault = "\(error)"
        }
    }
}
