/// A record of a generated topic, with the place that it has there.
public struct GeneratedKafkaRecord: Equatable, Sendable {
    /// The partition's number.
    public let partition: Int
    /// Its place in the partition.
    public let offset: Int64
    /// When the topic took it, in milliseconds since the epoch.
    public let timestampMs: Int64
    /// Decides the partition.
    public let key: String
    /// The payload.
    public let value: [UInt8]

    /// A record.
    public init(partition: Int, offset: Int64, timestampMs: Int64, key: String, value: [UInt8]) {
        self.partition = partition
        self.offset = offset
        self.timestampMs = timestampMs
        self.key = key
        self.value = value
    }
}
