/// A record of a shard of a Kinesis stream, or of a partition of a Kafka topic, as its source gives it out.
public struct StreamRecord: Equatable, Sendable {
    /// The shard, such as `shardId-000000000000`, or topic and partition, such as `coinbase-trades-0`.
    public let shard: String
    /// Its number within the shard, from 0 on: a partition's offset. Kinesis's sequence number is made from it, or kept
    /// beside it in ``sequenceNumber``.
    public let offset: Int64
    /// A Kinesis stream's own sequence number, of up to 56 digits; nil for Kafka and for the streams of this machine.
    public let sequenceNumber: String?
    /// What the producer chose the shard by; nil if it had no key.
    public let key: [UInt8]?
    /// The payload.
    public let value: [UInt8]
    /// When the source took it, in milliseconds since the epoch.
    public let timestampMs: Int64

    /// A record.
    public init(
        shard: String, offset: Int64, sequenceNumber: String? = nil, key: [UInt8]?, value: [UInt8], timestampMs: Int64
    ) {
        self.shard = shard
        self.offset = offset
        self.sequenceNumber = sequenceNumber
        self.key = key
        self.value = value
        self.timestampMs = timestampMs
    }
}
