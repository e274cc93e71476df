/// Making tables.
public enum Tables {
    /// Writes a new table's first metadata file, unless the catalog does, and registers it. If another process has
    /// registered a table of this name first, that one is opened.
    /// - Returns: the table, loaded.
    /// - Throws: the store's and catalog's faults; ``IcebergError/Code/unknownOutcome`` if it cannot be settled whether
    ///   the table was registered, in which case trying again settles it.
    public static func create(
        _ identifier: TableIdentifier, metadata: TableMetadata, catalog: any Catalog, store: any ObjectStore,
        environment: CommitEnvironment
    ) throws(IcebergError) -> Table {
        var environment = environment
        let uuid = environment.uuid()
        let table = Table(identifier, catalog: catalog, store: store, environment: environment)
        let location = metadata.metadataLocation(after: nil, uuid: uuid)
        let isRegistered: Bool
        do {
            if !catalog.writesMetadata {
                try put(NewFile(location: location, bytes: metadata.serialized()), store, environment)
            }
            environment.willTake?(CommitStep(.swap, location, .before))
            isRegistered = try register(
                identifier, TableVersion(location: location, metadata: metadata), catalog, store)
            environment.willTake?(CommitStep(.swap, location, .after))
        } catch {
            throw error.at("\(identifier)")
        }
        try table.load()
        if !isRegistered, !catalog.writesMetadata, try !table.isVersion(location) { _ = store.delete([location]) }
        return table
    }

    private static func put(
        _ file: NewFile, _ store: any ObjectStore, _ environment: CommitEnvironment
    ) throws(IcebergError) {
        environment.willTake?(CommitStep(.put, file.location, .before))
        let result = store.put([file]).first
        environment.willTake?(CommitStep(.put, file.location, .after))
        switch result {
        case .done: return
        case .failed(let error): throw error
        case .unknown(let error):
            // Its name is nobody else's, so if the same bytes can be read, they are ours.
            if (try? store.get(file.location)) == file.bytes { return }
            throw error
        case nil: throw IcebergError(.unavailable, "the store gave no answer", at: file.location)
        }
    }

    /// - Returns: false if a table of this name was there already. It may be this very one, where the reply to its
    ///   registration was lost and the request sent twice.
    private static func register(
        _ identifier: TableIdentifier, _ version: TableVersion, _ catalog: any Catalog, _ store: any ObjectStore
    ) throws(IcebergError) -> Bool {
        do {
            try catalog.create(identifier, version)
            return true
        } catch {
            switch error.code {
            case .alreadyExists: return false
            case .unknownOutcome:
                guard (try? catalog.load(identifier)) != nil else { throw error }
                return true
            default:
                // Faults with other codes are definite, so nothing refers to the file.
                if !catalog.writesMetadata { _ = store.delete([version.location]) }
                throw error
            }
        }
    }
}
