internal import Iceberg
internal import LambdaRuntime

/// Expires the snapshots of tables by this function itself, one table after the other, by each table's own properties.
struct NativeUpkeep {
    let lake: Lake

    /// Works until all tables are done or the time is over.
    /// - Returns: the tables that are left.
    func work(
        _ tables: [TableIdentifier], until deadline: WorkDeadline, _ clock: WallClock,
        didFinish: (UpkeepResult) -> Void
    ) -> [TableIdentifier] {
        for (place, table) in tables.enumerated() {
            guard !deadline.hasPassed else { return Array(tables[place...]) }
            let startMs = clock.milliseconds
            var result = UpkeepResult(name: table.description)
            do throws(IcebergError) {
                try expire(table, deadlineMs: deadline.commitMs, &result)
            } catch {
                result.failure = "\(error)"
            }
            result.durationMs = max(0, clock.milliseconds &- startMs)
            didFinish(result)
        }
        return []
    }

    private func expire(
        _ identifier: TableIdentifier, deadlineMs: Int64, _ result: inout UpkeepResult
    ) throws(IcebergError) {
        let table = Table(identifier, catalog: lake.catalog, store: lake.store, environment: lake.environment)
        try table.load()
        result.before = TableSize(try table.metadata)
        let report = try table.expireSnapshots(ExpiryOptions(deadlineMs: deadlineMs))
        result.expiredSnapshots = report.expiredSnapshots.count
        result.deletedFiles = report.deletedDataFiles + report.deletedMetadataFiles
        result.deletedBytes = report.deletedBytes
        result.after = TableSize(try table.metadata)
        if let fault = report.fault {
            result.failure = "snapshots were expired, but not all of their files could be found: \(fault)"
        } else if !report.undeletedFiles.isEmpty {
            result.failure =
                "snapshots were expired, but \(report.undeletedFiles.count) of their files were not deleted"
        }
    }
}
