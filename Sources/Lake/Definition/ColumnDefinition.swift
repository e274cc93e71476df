public import Columnar

/// A column of a table, and how its values are written in records.
public struct ColumnDefinition: Equatable, Sendable {
    /// Lower-case letters, digits and underscores; also the name of the record's field.
    public let name: String
    /// What the column holds.
    public let type: ColumnType
    /// True if no value may be null.
    public let isRequired: Bool
    /// A comment for people.
    public let doc: String?
    /// How times are written in records; nil for columns that hold none.
    public let timeFormat: TimeFormat?
}
