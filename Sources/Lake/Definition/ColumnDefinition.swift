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
    /// What of a record fills it, where that is not the member of the column's name.
    public var source: ColumnSource?
    /// What kind of data it holds that must be handled with care, such as `personal-data`.
    public var classification: String?
}
