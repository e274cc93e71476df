public import Columnar

/// The columns that the dead-letter table must have: one row for each record that could not be decoded.
public enum DeadLetterTable {
    /// Its name where a definition gives no `deadLetterTable`.
    public static let defaultName = "lake_db.dead_letters"

    /// The columns by name, each with its type and whether it always has a value.
    public static let columns: [(name: String, type: ColumnType, isRequired: Bool)] = [
        (failedAt, .timestamp, true), (arrivedAt, .timestamp, false), (stream, .string, true),
        (source, .string, true), (shard, .string, true), (sequenceNumber, .string, true),
        (partitionKey, .string, false), (tableName, .string, true), (errorCode, .string, true),
        (error, .string, true), (field, .string, false), (byteOffset, .long, false), (raw, .binary, false),
    ]

    /// When the record was refused.
    public static let failedAt = "failed_at"
    /// When the stream took the record, as the event tells it.
    public static let arrivedAt = "arrived_at"
    /// The stream's name in the definition.
    public static let stream = "stream"
    /// The ARN of the stream or cluster.
    public static let source = "source"
    /// The shard, or topic and partition.
    public static let shard = "shard"
    /// The shard sequence number or offset, as text.
    public static let sequenceNumber = "sequence_number"
    /// What the producer chose the shard by, for sending the record again.
    public static let partitionKey = "partition_key"
    /// The table the row was meant for.
    public static let tableName = "table_name"
    /// The kind of fault, for code that decides.
    public static let errorCode = "error_code"
    /// The fault in words, without the record's own.
    public static let error = "error"
    /// The column whose value was refused, where it was one column's.
    public static let field = "field"
    /// Where in the record, in bytes from its start.
    public static let byteOffset = "byte_offset"
    /// The record as it came; base64 text that cannot be decoded is kept as it is.
    public static let raw = "raw"
}
