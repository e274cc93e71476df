/// A database: a namespace of the catalog that holds tables.
public struct DatabaseDefinition: Equatable, Sendable {
    /// Lower-case letters, digits and underscores.
    public let name: String
    /// A comment for people.
    public let doc: String?
}
