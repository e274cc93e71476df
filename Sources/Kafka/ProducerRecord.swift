/// A record for a topic.
public struct ProducerRecord: Equatable, Sendable {
    /// The topic.
    public var topic: String
    /// Decides the partition, by Kafka's own murmur2; nil for any partition.
    public var key: [UInt8]?
    /// The payload.
    public var value: [UInt8]
    /// What else goes with it, in order.
    public var headers: [(name: String, value: [UInt8])]
    /// When it came about, in milliseconds since the epoch; nil for when it is sent.
    public var timestampMs: Int64?

    /// A record.
    public init(
        topic: String, key: [UInt8]?, value: [UInt8], headers: [(name: String, value: [UInt8])] = [],
        timestampMs: Int64? = nil
    ) {
        self.topic = topic
        self.key = key
        self.value = value
        self.headers = headers
        self.timestampMs = timestampMs
    }

    /// Whether all is the same, byte by byte.
    public static func == (left: ProducerRecord, right: ProducerRecord) -> Bool {
        left.topic == right.topic && left.key == right.key && left.value == right.value
            && left.timestampMs == right.timestampMs && left.headers.elementsEqual(right.headers, by: ==)
    }
}
