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
    /// How the table's files are kept together.
    public var format = TableFormat.iceberg
    /// Who answers for the data.
    public var owner: String?
    /// How far the data is refined.
    public var layer: TableLayer?
    /// Where the table's folder lies, in place of the lake's warehouse or the layer's: `s3://bucket/prefix` or
    /// `file:///absolute/path`.
    public var warehouse: String?
    /// Whether columns that the definition no longer has may be dropped from the table.
    public var allowsDrop = false

    /// The column of this name.
    public func column(named name: String) -> ColumnDefinition? { columns.first { $0.name == name } }
}
