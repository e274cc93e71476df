internal import AWS
public import Iceberg
internal import ObjectStores

extension GlueCatalog {
    /// Asks for the table without waiting, so that its version id arrives beside the answers to the commit's files.
    public func prepareSwap(of table: TableIdentifier) {
        prepared = nil
        guard (try? GlueNames.check(table)) != nil else { return }
        prepared = (table, glue.startTable(table.name, in: table.namespace))
    }

    /// Makes `proposed` the current version if `base` still is.
    ///
    /// UpdateTable names the version id of the table that was read, so Glue refuses it if anyone changed the table
    /// since; it is never sent again once it may have acted. Parameters, description and comments are those that Glue
    /// has at this time.
    public func swap(_ table: TableIdentifier, from base: TableVersion, to proposed: TableVersion) -> SwapOutcome {
        let current: GlueTable
        do {
            current = try self.current(table)
        } catch {
            // Nothing was sent that changes anything.
            return .failed(error)
        }
        switch GlueSwap(table: table, base: base, proposed: proposed).action(on: current) {
        case .finish(let outcome): return outcome
        case .update(let input, let versionID):
            do {
                try glue.updateTable(input, in: table.namespace, versionID: versionID)
                return .done
            } catch {
                return GlueSwap.outcome(of: error, IcebergError(error).at("\(table)"))
            }
        }
    }

    /// The table as it was asked for beside the files, or as Glue has it now.
    private func current(_ table: TableIdentifier) throws(IcebergError) -> GlueTable {
        try GlueNames.check(table)
        let prepared = self.prepared
        self.prepared = nil
        if let prepared, prepared.table == table, let current = try? glue.finish(prepared.pending) { return current }
        do {
            return try glue.table(table.name, in: table.namespace)
        } catch {
            throw IcebergError(error).at("\(table)")
        }
    }
}
