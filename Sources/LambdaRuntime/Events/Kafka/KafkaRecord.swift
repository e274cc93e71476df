/// One record of a Kafka batch: ranges of the event's buffer, and text only when asked for.
public struct KafkaRecord: Sendable {
    /// What ``KafkaRecord/timestampMs`` is the time of.
    public enum TimestampType: String, Sendable {
        /// When the producer made the record.
        case createTime = "CREATE_TIME"
        /// When the broker appended it.
        case logAppendTime = "LOG_APPEND_TIME"
        /// The topic has no timestamps.
        case none = "NO_TIMESTAMP_TYPE"
    }

    let buffer: EventBuffer
    var topicRange = ByteRange.empty
    var keyRange: ByteRange?
    var valueRange: ByteRange?
    var headersRange: ByteRange?
    /// The partition's number within its topic.
    public var partition: Int32 = 0
    /// The record's offset within its partition.
    public var offset: Int64 = 0
    /// Milliseconds since the epoch, UTC.
    public var timestampMs: Int64 = 0
    /// What ``timestampMs`` is the time of.
    public var timestampType = TimestampType.createTime

    /// The topic.
    public var topic: ByteView { ByteView(buffer, topicRange) }
    /// The key, in base64 as it stands in the event; nil if the record has none.
    public var key: Base64View? { keyRange.map { Base64View(buffer, $0) } }
    /// The value, in base64 as it stands in the event; nil if the record has none, as a tombstone.
    public var value: Base64View? { valueRange.map { Base64View(buffer, $0) } }
    /// The headers in order, copied out of the event. Their bytes come as numbers, which may be signed.
    public var headers: [KafkaHeader] { headersRange.map { KafkaHeader.decode(buffer, $0) } ?? [] }
}
