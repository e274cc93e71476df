extension Table {
    /// Changes the table's columns, layout or properties in one commit, or does nothing if nothing is to be changed. No
    /// row is rewritten, no snapshot made: offsets stay as they are.
    /// - Parameters:
    ///   - deadlineMs: when the caller must have an answer, in milliseconds since the epoch.
    ///   - plan: what is to be changed of a version; empty if it is as it should be. It is asked again on the newest
    ///     version whenever another commit came first, so it must look at the version it is given.
    /// - Throws: what the plan throws; ``IcebergError/Code/invalid``, naming the column or property, for a change that
    ///   Iceberg forbids; ``IcebergError/Code/conflict`` if other writers came first too often;
    ///   ``IcebergError/Code/unknownOutcome`` if it cannot be settled whether the commit happened, in which case doing it
    ///   again settles it; and the store's and catalog's faults.
    public func evolve(
        deadlineMs: Int64? = nil, _ plan: (TableMetadata) throws -> [TableChange]
    ) throws -> EvolutionReport {
        refreshOrForget()
        var changes: [TableChange] = []
        var fault: (any Error)?
        let committed: TableCommit.Committed
        do {
            committed = try commit(.revision(deadlineMs: deadlineMs)) { metadata throws(IcebergError) in
                do {
                    changes = try plan(metadata)
                } catch {
                    fault = error
                    throw error as? IcebergError ?? IcebergError(.invalid, "the changes could not be planned: \(error)")
                }
                return changes.isEmpty ? nil : try metadata.applying(changes)
            }
        } catch {
            // Of a plan's own error the caller gets the whole, which may be another module's.
            if let fault, !(fault is IcebergError) { throw fault }
            throw error
        }
        let metadata = committed.state.metadata
        let report = EvolutionReport(
            outcome: committed.isChanged ? .committed : .unchanged, changes: committed.isChanged ? changes : [],
            attempts: committed.report.attempts, metadataLocation: committed.state.location,
            schemaID: metadata.currentSchemaID, specID: metadata.defaultSpecID,
            sortOrderID: metadata.defaultSortOrderID)
        _ = reclaim(after: committed)
        return report
    }
}
