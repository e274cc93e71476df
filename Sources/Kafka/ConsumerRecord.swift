/// A record of a topic.
public struct ConsumerRecord: Equatable, Sendable {
    /// The topic.
    public var topic: String
    /// The partition.
    public var partition: Int32
    /// Its place in the partition.
    public var offset: Int64
    /// When it came about or was written, in milliseconds since the epoch; nil if the broker does not say.
    public var timestampMs: Int64?
    /// The key; nil if it has none.
    public var key: [UInt8]?
    /// The payload; nil for a tombstone.
    public var value: [UInt8]?
    /// What else goes with it, in order; a value may be missing.
    public var headers: [(name: String, value: [UInt8]?)]

    /// A record.
    public init(
        topic: String, partition: Int32, offset: Int64, timestampMs: Int64?, key: [UInt8]?, value: [UInt8]?,
        headers: [(name: String, value: [UInt8]?)] = []
    ) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
        self.timestampMs = timestampMs
        self.key = key
        self.value = value
        self.headers = headers
    }

    /// Whether all is the same, byte by byte.
    public static func == (left: ConsumerRecord, right: ConsumerRecord) -> Bool {
        left.topic == right.topic && left.partition == right.partition && left.offset == right.offset
            && left.timestampMs == right.timestampMs && left.key == right.key && left.value == right.value
            && left.headers.elementsEqual(right.headers, by: ==)
    }
}
