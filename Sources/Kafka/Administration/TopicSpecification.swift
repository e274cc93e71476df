/// A topic as it is to be made.
public struct TopicSpecification: Equatable, Sendable {
    /// Its name.
    public var name: String
    /// How many partitions it has.
    public var partitions: Int32
    /// On how many brokers each partition lies; nil for the cluster's own default, which brokers before Kafka 2.4 do not have.
    public var replication: Int16?
    /// How long records are kept, in milliseconds; nil for the cluster's own default.
    public var retentionMs: Int64?

    /// A topic to be made.
    public init(_ name: String, partitions: Int32, replication: Int16? = nil, retentionMs: Int64? = nil) {
        self.name = name
        self.partitions = partitions
        self.replication = replication
        self.retentionMs = retentionMs
    }
}

/// A topic as the cluster has it.
public struct TopicDescription: Equatable, Sendable {
    /// How many partitions it has.
    public let partitions: Int32
    /// On how many brokers its first partition lies.
    public let replication: Int16

    /// A topic.
    public init(partitions: Int32, replication: Int16) {
        self.partitions = partitions
        self.replication = replication
    }
}
