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
    /// Location of the table's current metadata file.
    /// - Throws: ``IcebergError/Code/notFound`` if there is no such table.
    func currentMetadata(of table: TableIdentifier) throws(IcebergError) -> String

    /// Makes `location` the current metadata file if `base` still is: the one step of a commit that decides.
    ///
    /// After ``SwapOutcome/unknown(_:)`` the same swap is sent again to settle it. Where the first had happened, the
    /// second may answer ``SwapOutcome/done`` or ``SwapOutcome/conflict``. A fault is ``SwapOutcome/failed(_:)`` only if
    /// it is certain that nothing was and nothing will be changed.
    func swap(_ table: TableIdentifier, from base: String, to location: String) -> SwapOutcome

    /// Registers a new table whose metadata file has been written; makes its namespace where it is missing.
    /// - Throws: ``IcebergError/Code/alreadyExists``.
    func create(_ table: TableIdentifier, metadata location: String) throws(IcebergError)

    /// All namespaces, sorted.
    func namespaces() throws(IcebergError) -> [String]

    /// All tables of a namespace, sorted by name.
    func tables(in namespace: String) throws(IcebergError) -> [TableIdentifier]
}

/// The four ways a swap ends.
public enum SwapOutcome: Sendable {
    /// The new metadata file is current.
    case done
    /// Another commit came first; nothing was changed.
    case conflict
    /// Nothing was changed, and trying again will not help.
    case failed(IcebergError)
    /// It may or may not have happened.
    case unknown(IcebergError)
}
