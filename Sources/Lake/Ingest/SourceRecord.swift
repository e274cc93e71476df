internal import Iceberg
internal import LambdaRuntime

/// One record of a source, as ingest sees it: views into the event, whatever kind of event that was.
protocol SourceRecord: RecordOrigin {
    /// What the source calls ``offsetDigits``.
    static var offsetName: String { get }
    /// What the source calls that which has shards or partitions.
    static var shardedName: String { get }
    /// How long a shard without new records may still be needed, in milliseconds; nil if for ever.
    static var shardRetentionMs: Int64? { get }
    /// The shard sequence number or offset, in decimal digits.
    var offsetDigits: ByteView { get }
    /// Whether this record's offset is smaller than another's.
    func precedes(_ other: Self) -> Bool
    /// When the source took the record, in milliseconds since the epoch; not above zero if it did not say so.
    var timestampMs: Int64 { get }
    /// ``timestampMs``; nil if the source did not say so.
    var knownTimestampMs: Int64? { get }
    /// What the producer chose the shard by, as text; nil if nothing.
    var keyText: String? { get }
    /// The payload in base64; nil for a Kafka tombstone.
    var payload: Base64View? { get }
}

extension KinesisRecord: SourceRecord {
    static var offsetName: String { "sequence number" }
    static var shardedName: String { "stream" }
    /// No stream keeps records longer than 365 days, and shards close.
    static var shardRetentionMs: Int64? { 366 * 86_400_000 }
    var offsetDigits: ByteView { sequenceNumber }
    var timestampMs: Int64 { approximateArrivalTimestampMs }
    var knownTimestampMs: Int64? { approximateArrivalTimestampMs }
    var keyText: String? { partitionKey.string }
    var payload: Base64View? { data }
}

extension KafkaRecord: SourceRecord {
    static var offsetName: String { "offset" }
    static var shardedName: String { "topic" }
    /// Partitions do not close, topics may keep records for ever, and producers choose the times: one clock that is
    /// wrong by years must not make the other partitions look outdated.
    static var shardRetentionMs: Int64? { nil }
    /// Kafka writes -1 where a record has no time.
    var knownTimestampMs: Int64? { timestampType == .none || timestampMs < 0 ? nil : timestampMs }
    var offsetDigits: ByteView { ByteView(copying: Array(String(offset).utf8)) }
    func precedes(_ other: KafkaRecord) -> Bool { offset < other.offset }
    var keyText: String? { key.map { Self.text($0) } }
    var payload: Base64View? { value }

    /// The bytes as text where they are UTF-8, and otherwise their base64.
    private static func text(_ view: Base64View) -> String {
        (try? view.decoded()).flatMap { String(validating: $0, as: UTF8.self) } ?? view.encoded.string
    }
}

extension SourceRecord {
    /// The offset as commits store it: without leading zeros.
    var sourceOffset: SourceOffset {
        get throws(IcebergError) {
            try SourceOffset(digits: offsetDigits)
        }
    }
}

extension SourceOffset {
    /// Reads decimal digits as an event has them, with leading zeros or without.
    init(digits: ByteView) throws(IcebergError) {
        let text = digits.string
        let significant = text.drop { $0 == "0" }
        try self.init(parsing: significant.isEmpty ? String(text.suffix(1)) : String(significant))
    }
}
