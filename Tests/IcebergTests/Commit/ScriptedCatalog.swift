import Iceberg

/// A catalog in memory whose swaps follow a script, and then behave.
final class ScriptedCatalog: Catalog {
    /// What the next swap does.
    enum Step {
        /// Another writer's commit comes first.
        case conflict
        /// The answer is lost, and the swap has happened.
        case unknownButDone
        /// The answer is lost, and the swap has not happened.
        case unknownNotDone
        /// The answer is lost, the swap has not happened, and then another writer commits.
        case unknownThenConflict
        /// The answer is lost, the swap has happened, and then another writer commits.
        case unknownButDoneThenOther
        case fails
        case succeeds
    }

    var tables: [TableIdentifier: String] = [:]
    var script: [Step] = []
    var swaps: [(base: String, location: String)] = []
    /// How often reading the pointer fails from now on.
    var failingReads = 0
    /// Another writer's commit, for the steps that need one.
    var interfere: () -> Void = {}

    func load(_ table: TableIdentifier) throws(IcebergError) -> CatalogEntry {
        if failingReads > 0 {
            failingReads -= 1
            throw IcebergError(.unavailable, "no answer", at: "\(table)")
        }
        guard let location = tables[table] else { throw IcebergError(.notFound, "no such table", at: "\(table)") }
        return CatalogEntry(location: location)
    }

    func swap(_ table: TableIdentifier, from base: TableVersion, to proposed: TableVersion) -> SwapOutcome {
        let (base, location) = (base.location, proposed.location)
        swaps.append((base, location))
        let step = script.isEmpty ? .succeeds : script.removeFirst()
        switch step {
        case .conflict:
            interfere()
            return .conflict
        case .unknownButDone:
            _ = really(table, base, location)
            return .unknown(IcebergError(.unavailable, "no answer"))
        case .unknownNotDone: return .unknown(IcebergError(.unavailable, "no answer"))
        case .unknownThenConflict:
            interfere()
            return .unknown(IcebergError(.unavailable, "no answer"))
        case .unknownButDoneThenOther:
            _ = really(table, base, location)
            interfere()
            return .unknown(IcebergError(.unavailable, "no answer"))
        case .fails: return .failed(IcebergError(.unavailable, "access denied"))
        case .succeeds: return really(table, base, location)
        }
    }

    private func really(_ table: TableIdentifier, _ base: String, _ location: String) -> SwapOutcome {
        guard tables[table] == base else { return .conflict }
        tables[table] = location
        return .done
    }

    func create(_ table: TableIdentifier, _ version: TableVersion) throws(IcebergError) {
        guard tables[table] == nil else { throw IcebergError(.alreadyExists, "it exists", at: "\(table)") }
        tables[table] = version.location
    }

    func namespaces() throws(IcebergError) -> [String] { Set(tables.keys.map(\.namespace)).sorted() }

    func tables(in namespace: String) throws(IcebergError) -> [TableIdentifier] {
        tables.keys.filter { $0.namespace == namespace }.sorted { $0.name < $1.name }
    }
}
