internal import Iceberg
internal import LambdaRuntime
internal import Logging

extension Lake {
    /// Loads tables before the first event, as far as they exist, and logs what is wrong with them, and what of the
    /// definition they do not follow. A fault is logged and no more: the first event that needs the table tries again.
    func prepare(_ tables: [TableIdentifier], _ context: InitContext) {
        deadline.milliseconds = InitialisationTime.end(
            startMs: startMs, nowMs: context.clock.milliseconds, limitMs: InitialisationTime.totalMs)
        for finding in warmUp(tables) {
            switch finding {
            case .fault(let error):
                context.log.warning("the lake is not ready yet", metadata: ["error": "\(error)"])
            case .differences(let table, let differences):
                context.log.warning(
                    "the table differs from its definition, which only bootstrap-tables applies to a table that exists",
                    metadata: ["table": "\(table)", "differences": "\(differences.joined(separator: "; "))"])
            }
        }
    }
}
