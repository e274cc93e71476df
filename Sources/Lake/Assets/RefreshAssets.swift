internal import Iceberg
internal import JSON
public import LambdaRuntime

/// The function refresh-assets: the logos of all assets, from CoinAPI into the table of the definition, in one commit.
///
/// The execution that the event names is the offset: what is repeated under the same name adds nothing, and does not even
/// ask CoinAPI. Its name stands in the same snapshot as the logos.
public struct RefreshAssets: LambdaHandler {
    /// What the function is called with: a schedule's event, or an object with `executionId`.
    public typealias Event = JSONEvent

    private let lake: Lake
    private let assets: AssetsDefinition
    private let source: CoinAPI

    /// A handler that writes to this lake. The table is loaded now if it exists.
    /// - Throws: ``JobError`` if the definition follows no assets; ``ConfigurationError`` if `COINAPI_KEY` or
    ///   `COINAPI_URL` cannot be used.
    public init(lake: Lake, _ context: InitContext) throws {
        guard let assets = lake.definition.assets else {
            throw JobError(
                .assets(.notDefined), "lake.json has no assets: say in \"assets\" which table takes their logos")
        }
        let source = try CoinAPI(assets, context.environment) { () throws(IcebergError) in try lake.client() }
        self.init(lake: lake, assets, source)
        lake.prepare([assets.table], context)
    }

    init(lake: Lake, _ assets: AssetsDefinition, _ source: CoinAPI) {
        self.lake = lake
        self.assets = assets
        self.source = source
    }

    /// Loads the logos of one execution.
    /// - Throws: `EventError` for an event that is none of a schedule; ``JobError`` if CoinAPI has no list to give;
    ///   `IcebergError` if the table cannot take it. Nothing is appended then.
    public mutating func handle(_ event: JSONEvent, _ context: Context) throws -> LambdaResponse {
        let input = try ScheduledInput(event, options: [])
        do {
            // Lambda's own retry of an event has the request id of the first try.
            var report = try refresh(input.executionID ?? context.requestID, WorkDeadline(context), context)
            report.isNamed = input.executionID != nil
            report.log(context)
            return report.response
        } catch let error as IcebergError where error.code == .notFound {
            // Somebody dropped the table that this process keeps; the next try opens it, or makes it, anew.
            lake.forgetTables()
            throw error
        }
    }

    private func refresh(
        _ executionID: String, _ deadline: WorkDeadline, _ context: Context
    ) throws -> AssetsReport {
        lake.deadline.milliseconds = deadline.requestMs
        var report = AssetsReport(executionID: executionID)
        let table = try lake.table(assets.table)
        // The version that is kept may be of yesterday.
        try table.refresh()
        if try isLoaded(in: table, &report) { return report }

        // What CoinAPI may take leaves the time that the commit needs.
        lake.deadline.milliseconds = deadline.requestMs.map { _ in max(0, deadline.stopMs) }
        let list = try source.logos(ofSize: assets.iconSize)
        lake.deadline.milliseconds = deadline.requestMs
        guard !list.logos.isEmpty else {
            throw JobError(
                .assets(.noLogos),
                "CoinAPI's list has no logo: it has \(list.dropped) entries, and none with asset_id and url; "
                    + "nothing was appended")
        }
        let nowMs = context.clock.milliseconds
        return try table.retryingStaleOffsets { _ in
            if try isLoaded(in: table, &report) { return report }
            let metadata = try table.metadata
            let fields = try lake.columnDecodings(assets.table, metadata).map(\.field)
            let loaded = try LoadedExecutions(in: metadata).adding(executionID)
            var append = Append(encodedFor: metadata, summary: [LoadedExecutions.name: loaded.text])
            append.files = try DataFileEncoder(metadata, threads: lake.encodingThreads)
                .files(of: try list.rows(fields, nowMs: nowMs), named: lake.uniqueName())
            append.deadlineMs = deadline.commitMs
            report.snapshotID = try table.append(append).snapshotID
            report.logos = list.logos.count
            report.dropped = list.dropped
            report.duplicates = list.duplicates
            return report
        }
    }

    /// Whether the execution's logos are in the newest version known, which then is what there is to report.
    private func isLoaded(in table: Table, _ report: inout AssetsReport) throws(IcebergError) -> Bool {
        let metadata = try table.metadata
        guard try LoadedExecutions(in: metadata).contains(report.executionID) else { return false }
        report.isReplay = true
        report.snapshotID = LoadedExecutions.snapshot(of: report.executionID, in: metadata)
        return true
    }
}
