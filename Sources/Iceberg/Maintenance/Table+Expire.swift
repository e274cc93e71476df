extension Table {
    /// Takes snapshots out of the history by the table's own rules, in one commit, and deletes the files that only they
    /// reached. Unlike the expiry of an append it goes past snapshots that deleted or replaced files.
    ///
    /// Files of a snapshot are deleted at once: it expires only if another took its place long enough ago for readers to
    /// be done with it. Offsets and state that only expired snapshots had are kept in table properties.
    /// - Parameter nowMs: the time to judge ages by, in milliseconds since the epoch; nil for the clock's.
    /// - Throws: ``IcebergError/Code/invalid`` if the table's property `gc.enabled` forbids it;
    ///   ``IcebergError/Code/conflict`` if other writers came first too often; ``IcebergError/Code/unknownOutcome`` if it
    ///   cannot be settled whether the commit happened: nothing is deleted then; and the store's and catalog's faults.
    ///   Faults after the commit are in the report.
    public func expireSnapshots(
        nowMs: Int64? = nil, _ options: ExpiryOptions = ExpiryOptions()
    ) throws(IcebergError) -> ExpiryReport {
        refreshOrForget()
        let time = nowMs ?? environment.nowMs()
        var report = ExpiryReport()
        /// What any attempt chose; an attempt whose answer was lost may be the one that did it.
        var chosen: [Int64: Snapshot] = [:]
        var before: TableMetadata?
        let committed = try commit(.revision(deadlineMs: options.deadlineMs)) { metadata throws(IcebergError) in
            guard metadata.properties["gc.enabled"] != "false" else {
                throw IcebergError(
                    .invalid, "the table's property gc.enabled is false: its files may belong to another table too")
            }
            let limits = ExpiryPlan.Limits(options, CommitSettings(metadata.properties))
            let plan = ExpiryPlan(of: metadata, limits, nowMs: time)
            guard !plan.expired.isEmpty || !plan.removedReferences.isEmpty else { return nil }
            for snapshot in plan.expired { chosen[snapshot.snapshotID] = snapshot }
            before = before ?? metadata
            report.removedReferences = plan.removedReferences
            return plan.revised
        }
        report.attempts = committed.report.attempts
        report.metadataLocation = committed.state.location
        let after = committed.state.metadata
        for snapshot in after.snapshots { chosen[snapshot.snapshotID] = nil }
        report.removedReferences.removeAll { after.refs[$0] != nil }
        _ = reclaim(after: committed)
        guard let before, !chosen.isEmpty else { return report }
        let expired = chosen.values.sorted { ($0.sequenceNumber, $0.snapshotID) < ($1.sequenceNumber, $1.snapshotID) }
        report.expiredSnapshots = expired.map(\.snapshotID)
        delete(filesOf: expired, before, after, options, &report)
        return report
    }

    /// The commit is done: a fault here is only reported.
    private func delete(
        filesOf expired: [Snapshot], _ before: TableMetadata, _ after: TableMetadata, _ options: ExpiryOptions,
        _ report: inout ExpiryReport
    ) {
        let nowMs = environment.nowMs
        let hasTime = { options.deadlineMs.map { nowMs() < $0 } ?? true }
        do throws(IcebergError) {
            let files = try ExpiredFiles(of: expired, before: before, after: after, store: store, hasTime: hasTime)
            report.fault = files.fault
            report.deletedDataFiles = delete(files.data, hasTime, &report)
            report.deletedMetadataFiles = delete(files.metadata, hasTime, &report)
        } catch {
            report.fault = placed(error)
        }
    }

    /// - Returns: how many were deleted.
    private func delete(
        _ files: [ExpiredFiles.File], _ hasTime: () -> Bool, _ report: inout ExpiryReport
    ) -> Int {
        var count = 0
        for start in stride(from: 0, to: files.count, by: 1000) {
            let batch = files[start..<min(start + 1000, files.count)]
            let undeleted = hasTime() ? delete(batch.map(\.location)) : batch.map(\.location)
            let left = Set(undeleted)
            for file in batch where !left.contains(file.location) {
                count += 1
                report.deletedBytes &+= max(0, file.size)
            }
            report.undeletedFiles += undeleted
        }
        return count
    }
}
