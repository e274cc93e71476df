public import Columnar

/// How one column is read from a record: the member of the column's name, or what ``source`` names in its place,
/// converted to the column's type.
///
/// | type | accepted |
/// |---|---|
/// | boolean | `true`, `false` |
/// | int, long | a number without a fractional part, however written: `3`, `3.0` and `3e2`, as JSON Schema's `integer` |
/// | float, double | a number; the nearest value, ties to even, infinity refused |
/// | date | a string `yyyy-MM-dd`, or the day in UTC of a time in ``timeFormat`` |
/// | timestamp, timestamptz | a time in ``timeFormat``; with a zone it is moved to UTC, without one it is UTC |
/// | string | a string |
/// | binary | a string in base64 (RFC 4648, padded) |
///
/// Nothing is converted between kinds: a number in a string is a fault, except for an epoch time. What no member fills
/// is text fills a string column if it is UTF-8, and a binary one as it is; what is a whole number also an int or long,
/// and what is a time a date, timestamp or timestamptz.
public struct ColumnDecoding: Hashable, Sendable {
    /// Name, type, and whether a record must have it.
    public let field: Field
    /// How times are written; without meaning for other types.
    public let timeFormat: TimeFormat
    /// What of the record fills it.
    public let source: ColumnSource

    /// A column.
    /// - Parameter source: nil for the member of the column's name.
    public init(field: Field, timeFormat: TimeFormat = .iso8601, source: ColumnSource? = nil) {
        self.field = field
        self.timeFormat = timeFormat
        self.source = source ?? .member(field.name)
    }
}
