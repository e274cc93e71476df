internal import Iceberg
internal import JSON
public import LambdaRuntime

/// The function bootstrap-tables: makes the databases, tables and views of the lake's definition where they are missing,
/// and has those that exist follow it as far as no row is at risk.
///
/// It may run at any time, as often as one likes, and beside itself. What cannot be applied is refused, naming the
/// column: nothing of that table is changed, all else is done, and the invocation is an error. With `dryRun` nothing is
/// written, and the reply shows the plan, with what would be refused.
public struct BootstrapTables: LambdaHandler {
    /// What the function is called with: its options, or an event of EventBridge.
    public typealias Event = JSONEvent

    private let athena: AthenaSettings
    private let definition: LakeDefinition
    /// Opens the lake; a dry run's must not make a catalog that is missing.
    private let open: (_ isDryRun: Bool) throws -> Lake
    private var lake: Lake?

    /// A handler for the lake that the settings name. The lake is opened by the first event, as only that says whether a
    /// catalog may be made.
    /// - Throws: ``ConfigurationError``, ``DefinitionFileError``; `IcebergError` as ``Lake`` does.
    public init(_ configuration: LakeConfiguration, _ context: InitContext) throws {
        athena = try AthenaSettings(context.environment)
        let read = try OpenDefinition(configuration)
        definition = read.definition
        try configuration.refuseUnreachable(definition.tables)
        open = { isDryRun in
            try Lake(isDryRun && configuration.isMissingCatalog ? configuration.withoutCatalog : configuration, read)
        }
        // What the catalog is reached with is checked now, as far as nothing is written by that.
        if !configuration.isMissingCatalog { lake = try open(false) }
    }

    /// A handler for a lake that is open.
    init(lake: Lake, environment: [String: String] = [:]) throws(ConfigurationError) {
        athena = try AthenaSettings(environment)
        definition = lake.definition
        open = { _ in lake }
    }

    /// Does what the definition asks for, or shows what that would be.
    /// - Throws: ``JobError``; `IcebergError` if the lake's catalog cannot be opened.
    public mutating func handle(_ event: JSONEvent, _ context: Context) throws -> LambdaResponse {
        let options = try BootstrapOptions(event.value, definition)
        if options.isDestruction {
            context.log.info("nothing to do: the tables stay when what invoked this is destroyed")
            return LambdaResponse(BootstrapReport(isDryRun: options.isDryRun).value)
        }
        let lake = try self.lake ?? open(options.isDryRun)
        if !options.isDryRun { self.lake = lake }
        let deadline = WorkDeadline(context)
        lake.deadline.milliseconds = deadline.requestMs
        let run = BootstrapRun(
            lake: lake, options: options, athena: athena,
            deadlineMs: context.deadlineMilliseconds == .max ? nil : deadline.commitMs)
        let report = run.report()
        report.log(context)
        if let error = report.error { throw error }
        return LambdaResponse(report.value)
    }
}
