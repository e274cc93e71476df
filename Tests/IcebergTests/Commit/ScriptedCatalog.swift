import Iceberg

/// A catalog in memory whose swaps follow a script, and then behave.
final class ScriptedCatalog: Catalog {
    /// What the next swap does.
    enum Step {
        /// Another writer's commit comes first.
        case conflict
        /// It is called a conflict, and the swap has happened.
        case conflictButDone
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
    /// Whether it takes changes and writes metadata files of its own, as a REST catalog does.
    var writesMetadata = false
    /// Whether it tells in the answer to a swap what it wrote.
    var answersWithMetadata = true
    private var written: [String: [UInt8]] = [:]
    /// Preparations of swaps, each with the number of swaps before it.
    var preparations: [Int] = []
    var script: [Step] = []
    var swaps: [(base: String, location: String)] = []
    /// How often reading the pointer fails from now on.
    var failingReads = 0
    /// Whether a registration happens and is then answered as if the table had been there, after another's commit.
    var repeatsRegistration = false
    /// Another writer's commit, for the steps that need one.
    var interfere: () -> Void = {}

    func load(_ table: TableIdentifier) throws(IcebergError) -> CatalogEntry {
        if failingReads > 0 {
            failingReads -= 1
            throw IcebergError(.unavailable, "no answer to the reading", at: "\(table)")
        }
        guard let location = tables[table] else { throw IcebergError(.notFound, "no such table", at: "\(table)") }
        return CatalogEntry(location: location, metadata: written[location])
    }

    func prepareSwap(of table: TableIdentifier) { preparations.append(swaps.count) }

    func swap(_ table: TableIdentifier, from base: TableVersion, to proposed: TableVersion) -> SwapOutcome {
        swaps.append((base.location, proposed.location))
        let step = script.isEmpty ? .succeeds : script.removeFirst()
        switch step {
        case .conflict:
            interfere()
            return .conflict
        case .conflictButDone:
            _ = really(table, base, proposed)
            return .conflict
        case .unknownButDone:
            _ = really(table, base, proposed)
            return .unknown(IcebergError(.unavailable, "no answer to the swap"))
        case .unknownNotDone: return .unknown(IcebergError(.unavailable, "no answer to the swap"))
        case .unknownThenConflict:
            interfere()
            return .unknown(IcebergError(.unavailable, "no answer to the swap"))
        case .unknownButDoneThenOther:
            _ = really(table, base, proposed)
            interfere()
            return .unknown(IcebergError(.unavailable, "no answer to the swap"))
        case .fails: return .failed(IcebergError(.unavailable, "access denied"))
        case .succeeds: return really(table, base, proposed)
        }
    }

    private func really(_ table: TableIdentifier, _ base: TableVersion, _ proposed: TableVersion) -> SwapOutcome {
        guard tables[table] == base.location else { return .conflict }
        guard writesMetadata else {
            tables[table] = proposed.location
            return .done
        }
        var metadata = proposed.metadata
        metadata.metadataLog.append(.init(timestampMs: metadata.lastUpdatedMs, metadataFile: base.location))
        let entry = CatalogEntry(location: write(metadata), metadata: metadata.serialized())
        tables[table] = entry.location
        return .doneAs(answersWithMetadata ? entry : CatalogEntry(location: entry.location))
    }

    private func write(_ metadata: TableMetadata) -> String {
        let location = "\(metadata.metadataDirectory)/server-\(written.count).metadata.json"
        written[location] = metadata.serialized()
        return location
    }

    func create(_ table: TableIdentifier, _ version: TableVersion) throws(IcebergError) {
        guard tables[table] == nil else { throw IcebergError(.alreadyExists, "it exists", at: "\(table)") }
        tables[table] = writesMetadata ? write(version.metadata) : version.location
        guard !repeatsRegistration else {
            interfere()
            throw IcebergError(.alreadyExists, "it exists", at: "\(table)")
        }
    }

    func namespaces() throws(IcebergError) -> [String] { Set(tables.keys.map(\.namespace)).sorted() }

    func tables(in namespace: String) throws(IcebergError) -> [TableIdentifier] {
        tables.keys.filter { $0.namespace == namespace }.sorted { $0.name < $1.name }
    }
}
