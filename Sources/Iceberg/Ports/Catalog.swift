/// A table's name: its database (a namespace of one level) and its own.
public struct TableIdentifier: Hashable, Sendable, CustomStringConvertible {
    /// The database.
    public let namespace: String
    /// The table.
    public let name: String

    /// A name.
    public init(namespace: String, name: String) {
        self.namespace = namespace
        self.name = name
    }

    /// `database.table`.
    public var description: String { "\(namespace).\(name)" }
}

/// Which metadata file is each table's current one.
public protocol Catalog {
    /// Whether the catalog writes metadata files itself, from the changes that a swap tells it, and names them: then no
    /// commit puts one.
    var writesMetadata: Bool { get }

    /// The table's current version.
    /// - Throws: ``IcebergError/Code/notFound`` if there is no such table.
    func load(_ table: TableIdentifier) throws(IcebergError) -> CatalogEntry

    /// Called before the files of a commit are put, so that what a swap must know first can travel beside them.
    func prepareSwap(of table: TableIdentifier)

    /// Makes `proposed` the current version if `base` still is: the one step of a commit that decides.
    ///
    /// After ``SwapOutcome/unknown(_:)`` the same swap is sent again to settle it. Where the first had happened, the
    /// second may answer ``SwapOutcome/done`` or ``SwapOutcome/conflict``. A fault is ``SwapOutcome/failed(_:)`` only if
    /// it is certain that nothing was and nothing will be changed.
    func swap(_ table: TableIdentifier, from base: TableVersion, to proposed: TableVersion) -> SwapOutcome

    /// Registers a new table, whose metadata file has been put unless the catalog writes it; makes its namespace where
    /// it is missing.
    /// - Throws: ``IcebergError/Code/alreadyExists``; ``IcebergError/Code/unknownOutcome`` if it may have been
    ///   registered, in which case trying again settles it.
    func create(_ table: TableIdentifier, _ version: TableVersion) throws(IcebergError)

    /// Makes a namespace where it is missing; one that exists stays as it is.
    /// - Parameter comment: what to say of a new one to people; nil for nothing.
    /// - Returns: whether it was made.
    func createNamespace(_ namespace: String, comment: String?) throws(IcebergError) -> Bool

    /// All namespaces, sorted.
    func namespaces() throws(IcebergError) -> [String]

    /// All tables of a namespace, sorted by name.
    func tables(in namespace: String) throws(IcebergError) -> [TableIdentifier]
}

extension Catalog {
    /// A catalog that is a pointer.
    public var writesMetadata: Bool { false }

    /// Nothing: the swap alone is enough.
    public func prepareSwap(of table: TableIdentifier) {}

    /// Nothing: namespaces come with their first table.
    public func createNamespace(_ namespace: String, comment: String?) throws(IcebergError) -> Bool { false }
}

/// A version of a table: its metadata and the file that holds it.
public struct TableVersion: Sendable {
    /// Where the metadata file lies; where the catalog writes it, what it would be called by others.
    public let location: String
    /// Its content.
    public let metadata: TableMetadata

    /// A version.
    public init(location: String, metadata: TableMetadata) {
        self.location = location
        self.metadata = metadata
    }
}

/// What a catalog says of a table.
public struct CatalogEntry: Equatable, Sendable {
    /// Location of the current metadata file.
    public let location: String
    /// The file's content, where the catalog hands it out; nil if it is to be read from the store.
    public let metadata: [UInt8]?

    /// An entry.
    public init(location: String, metadata: [UInt8]? = nil) {
        self.location = location
        self.metadata = metadata
    }
}

/// The four ways a swap ends.
public enum SwapOutcome: Sendable {
    /// The proposed version is current.
    case done
    /// The changes are current, as the version that the catalog wrote.
    case doneAs(CatalogEntry)
    /// Another commit came first; nothing was changed.
    case conflict
    /// Nothing was changed, and trying again will not help.
    case failed(IcebergError)
    /// It may or may not have happened.
    case unknown(IcebergError)
}
