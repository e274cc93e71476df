extension Table {
    /// Adds rows and moves offsets in one commit: two waves of requests when nobody interferes.
    ///
    /// After ``IcebergError/Code/staleOffsets`` and ``IcebergError/Code/invalid`` the table holds the newest version, on
    /// which the caller computes the rows again. In these cases, after ``IcebergError/Code/conflict`` and after any
    /// definite fault, nothing was committed and the files of the append have been deleted.
    /// - Throws: ``IcebergError/Code/staleOffsets`` if another commit moved the watermarks of the append's shards;
    ///   ``IcebergError/Code/invalid`` if the schema, partition spec or sort order changed;
    ///   ``IcebergError/Code/conflict`` if other writers came first too often; ``IcebergError/Code/unknownOutcome`` if
    ///   it cannot be settled whether the commit happened: nothing is deleted then; and the store's and catalog's faults.
    public func append(_ append: Append) throws(IcebergError) -> CommitReport {
        // An append never asks for a revision.
        reclaim(after: try commit(.append(append)) { _ throws(IcebergError) in nil })
    }

    /// Deletes what commits of this process superseded long enough ago. The commit is done: a fault here is only
    /// reported, and orphan cleanup finds what stays.
    func reclaim(after committed: TableCommit.Committed) -> CommitReport {
        superseded.add(committed.superseded)
        for boundary in committed.mergeBoundaries {
            guard let before = try? manifests(boundary.before), let after = try? manifests(boundary.after) else {
                continue
            }
            let needed = Set(after.map(\.manifestPath))
            superseded.add(
                before.map(\.manifestPath).filter { !needed.contains($0) }.map {
                    SupersededFiles.File(location: $0, sinceMs: boundary.sinceMs)
                })
        }
        var report = committed.report
        let settings = CommitSettings(committed.state.metadata.properties)
        let due = superseded.due(nowMs: environment.nowMs(), minimumAgeMs: settings.deletionMinimumAgeMs)
        if !due.isEmpty {
            report.undeletedFiles = delete(due)
            report.deletedFiles = due.count - report.undeletedFiles.count
        }
        return report
    }
}
