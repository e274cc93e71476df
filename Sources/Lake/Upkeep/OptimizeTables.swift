internal import Iceberg
internal import JSON
public import LambdaRuntime

/// The function optimize-tables: keeps Iceberg tables in order, by Athena's OPTIMIZE and VACUUM, or by expiring snapshots
/// itself.
///
/// Each table has its own result; a table that fails stops no other, and is no error of the function. What there is no
/// time for is handed on to another invocation of the function.
public struct OptimizeTables: LambdaHandler {
    /// What the function is called with: a schedule's event, or an object of options.
    public typealias Event = JSONEvent

    private let lake: Lake
    private let settings: AthenaSettings
    private let handover: UpkeepHandover

    /// A handler for this lake.
    /// - Throws: ``ConfigurationError`` if Athena's settings cannot be used.
    public init(lake: Lake, _ context: InitContext) throws(ConfigurationError) {
        self.lake = lake
        settings = try AthenaSettings(context.environment)
        handover = UpkeepHandover(context.environment)
    }

    /// Does as much of a run as there is time for.
    /// - Throws: `EventError` for an event that is none of a schedule, or has options that do not exist; ``JobError``;
    ///   the catalog's fault if it cannot list tables at all.
    public mutating func handle(_ event: JSONEvent, _ context: Context) throws -> LambdaResponse {
        let options = try UpkeepOptions(event, requestID: context.requestID)
        let deadline = WorkDeadline(context)
        lake.deadline.milliseconds = deadline.requestMs
        let engine = try engine(options)
        var report = UpkeepReport(engine, options)
        var left = options.continuation?.tables ?? []
        if options.continuation == nil {
            let tables = try UpkeepTables(options, in: lake)
            left = tables.found.map { .init(table: $0, progress: TableUpkeep.Progress()) }
            report.passedOver = tables.passedOver
            for failure in tables.failures { report.take(failure, context) }
        }
        switch engine {
        case .athena: try optimize(left, options, until: deadline, &report, context)
        case .native: expire(left, until: deadline, &report, context)
        }
        if !report.left.isEmpty {
            report.isHandedOn = try handover.send(report.left, of: options, engine, lake, context)
        }
        report.log(context)
        return report.response
    }

    private func engine(_ options: UpkeepOptions) throws(JobError) -> UpkeepOptions.Engine {
        let engine = options.engine ?? (lake.glue == nil ? .native : .athena)
        guard engine == .native || lake.glue != nil else {
            throw JobError(
                .upkeep(.engine),
                "Athena knows only tables of Glue, and this lake's catalog is another: set LAKE_CATALOG to glue, "
                    + "or engine to native")
        }
        return engine
    }

    private func optimize(
        _ tables: [UpkeepOptions.Continuation.Left], _ options: UpkeepOptions, until deadline: WorkDeadline,
        _ report: inout UpkeepReport, _ context: Context
    ) throws {
        var upkeep = AthenaUpkeep(
            tables.map {
                TableUpkeep($0.table, maximumRuns: options.maximumRuns, vacuums: options.vacuums, $0.progress)
            }, parallel: options.parallel, run: options.run, try AthenaUpkeep.Calls(lake, settings),
            random: lake.environment.random)
        // An answer that does not come leaves the time to hand on what is left.
        lake.deadline.milliseconds = deadline.requestMs.map { _ in max(0, deadline.stopMs) }
        defer { lake.deadline.milliseconds = deadline.requestMs }
        upkeep.work(until: deadline.stopMs, context.clock, sleep: lake.environment.sleep) {
            report.take($0, context)
        }
        report.left = upkeep.left.map { .init(table: $0.table, progress: $0.progress) }
    }

    private func expire(
        _ tables: [UpkeepOptions.Continuation.Left], until deadline: WorkDeadline, _ report: inout UpkeepReport,
        _ context: Context
    ) {
        let left = NativeUpkeep(lake: lake).work(tables.map(\.table), until: deadline, context.clock) {
            report.take($0, context)
        }
        report.left = left.map { .init(table: $0, progress: TableUpkeep.Progress()) }
    }
}

extension UpkeepReport {
    /// Takes a table that is done with.
    fileprivate mutating func take(_ result: UpkeepResult, _ context: Context) {
        result.log(context)
        results.append(result)
    }
}
