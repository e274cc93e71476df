public import Iceberg

/// A view: a query under a name.
public struct ViewDefinition: Equatable, Sendable {
    /// Database and name.
    public let identifier: TableIdentifier
    /// A comment for people.
    public let doc: String?
    /// The query, in SQL that Athena and DuckDB both take; tables by their full names.
    public let sql: String
}
