public import Columnar

/// The columns that a table of alerts must have: one row for each anomaly.
public enum AlertTable {
    /// The columns by name, each with its type and whether it always has a value.
    public static let columns: [(name: String, type: ColumnType, isRequired: Bool)] = [
        (alertID, .string, true), (rule, .string, true), (kind, .string, true), (key, .string, true),
        (columnName, .string, false), (value, .double, false), (bound, .double, false), (message, .string, true),
        (readingAt, .timestamp, false), (detectedAt, .timestamp, true), (stream, .string, true),
        (shard, .string, false), (sequenceNumber, .string, false),
    ]

    /// The same for the same anomaly, however often it is found.
    public static let alertID = "alert_id"
    /// The rule's name in the definition.
    public static let rule = "rule"
    /// The rule's kind, as the definition spells it.
    public static let kind = "kind"
    /// What the reading is of, such as the device, as text.
    public static let key = "key"
    /// The column whose value is unusual; null for silence.
    public static let columnName = "column_name"
    /// The unusual value; for silence how long it has lasted, in seconds.
    public static let value = "value"
    /// What the value, its change or its score may be at most, or at least; for silence in seconds.
    public static let bound = "bound"
    /// The anomaly in words.
    public static let message = "message"
    /// When the reading was taken; for silence when the last one arrived.
    public static let readingAt = "reading_at"
    /// When the anomaly was found.
    public static let detectedAt = "detected_at"
    /// The stream's name in the definition.
    public static let stream = "stream"
    /// The shard of the reading.
    public static let shard = "shard"
    /// The shard sequence number of the reading; null for silence.
    public static let sequenceNumber = "sequence_number"
}
