/// A table held open by a warm process: its version stays cached between appends, and is trusted until a swap says
/// otherwise. One thread at a time may use it.
public final class Table {
    /// Its name.
    public let identifier: TableIdentifier
    let catalog: any Catalog
    let store: any ObjectStore
    var environment: CommitEnvironment
    /// The newest version known; nil until loaded, or when it is no longer to be trusted.
    var state: TableState?
    /// Files that commits of this process have superseded, and that wait for their age. What a process that ends
    /// leaves here is found by orphan cleanup.
    var superseded = SupersededFiles()

    /// A table; nothing is read yet.
    public init(
        _ identifier: TableIdentifier, catalog: any Catalog, store: any ObjectStore, environment: CommitEnvironment
    ) {
        self.identifier = identifier
        self.catalog = catalog
        self.store = store
        self.environment = environment
    }

    /// Reads the table's newest version and keeps it.
    /// - Throws: ``IcebergError/Code/notFound`` if there is no such table; ``IcebergError/Code/unsupported`` if its
    ///   format version is not 2; the faults of its catalog, store and files.
    public func load() throws(IcebergError) {
        state = nil
        do {
            state = try read()
        } catch {
            throw placed(error)
        }
    }

    /// Asks the catalog whether there is a newer version, and reads it only then. Call it before records are dropped as
    /// replays on the word of a cached version: the table may have been rolled back, or made again.
    public func refresh() throws(IcebergError) {
        do {
            let entry = try catalog.load(identifier)
            guard entry.location != state?.location else { return }
            state = nil
            state = try read(entry)
        } catch {
            throw placed(error)
        }
    }

    /// The newest version known, loaded if there is none.
    public var metadata: TableMetadata {
        get throws(IcebergError) { try current().metadata }
    }

    /// Location of that version's metadata file.
    public var metadataLocation: String {
        get throws(IcebergError) { try current().location }
    }

    /// How far a source has been taken into the newest version known.
    public func watermarks(of source: String) throws(IcebergError) -> Watermarks {
        let metadata = try self.metadata
        do {
            return try Watermarks(of: source, in: metadata)
        } catch {
            throw placed(error)
        }
    }

    /// Whether a metadata file is the newest version known, or one that it still names.
    func isVersion(_ location: String) throws(IcebergError) -> Bool {
        let state = try current()
        return state.location == location || state.metadata.metadataLog.contains { $0.metadataFile == location }
    }

    /// The error with the table's name, which a catalog may have given already.
    func placed(_ error: IcebergError) -> IcebergError {
        error.context.contains("\(identifier)") ? error : error.at("\(identifier)")
    }

    private func current() throws(IcebergError) -> TableState {
        if state == nil { try load() }
        guard let state else { throw IcebergError(.notFound, "the table is not loaded", at: "\(identifier)") }
        return state
    }
}
