/// How a Kafka topic of a stream is made: what bootstrap-topics asks the cluster for.
public struct TopicDefinition: Equatable, Sendable {
    /// How many partitions it has.
    public let partitions: Int32
    /// On how many brokers each partition lies; nil for the cluster's own default.
    public let replication: Int16?
    /// How long records are kept, in milliseconds; nil for the cluster's own default.
    public let retentionMs: Int64?

    /// Three partitions, and the cluster's defaults.
    public static let standard = TopicDefinition(partitions: 3, replication: nil, retentionMs: nil)
}
