public import Iceberg

/// A table: its columns, how its rows are grouped and ordered, and how long its history is kept. Only parsing a
/// definition makes one, so what it refers to exists and fits.
public struct TableDefinition: Equatable, Sendable {
    /// Database and name.
    public let identifier: TableIdentifier
    /// A comment for people.
    public let doc: String?
    /// The columns in order; at least one.
    public let columns: [ColumnDefinition]
    /// What rows are grouped by; empty for an unpartitioned table.
    public let partition: [ColumnTransform]
    /// What rows of a data file are ordered by; empty for none.
    public let sort: [SortKey]
    /// How long history is kept.
    public let retention: RetentionDefinition
    /// Table properties as the file gives them; ``icebergProperties()`` adds those that follow from the rest.
    public let properties: [String: String]

    /// The column of this name.
    public func column(named name: String) -> ColumnDefinition? { columns.first { $0.name == name } }
}
