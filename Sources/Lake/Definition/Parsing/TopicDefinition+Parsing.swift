extension TopicDefinition {
    /// How long Kafka may be told to keep records.
    private static let longestRetention: (ms: Int64, text: String) = (3650 * 86_400_000, "3650d")
    /// More partitions than this no cluster of MSK takes for one topic without being asked first.
    private static let maximumPartitions: Int64 = 4_000
    /// More copies than this no cluster has brokers for.
    private static let maximumReplication: Int64 = 100

    /// Reads what a stream's source says of its topic.
    init(source object: DefinitionObject) {
        self.init(
            partitions: object["partitions"]?.count(atMost: Self.maximumPartitions).map { Int32($0) }
                ?? Self.standard.partitions,
            replication: object["replication"]?.count(atMost: Self.maximumReplication).map { Int16($0) },
            retentionMs: object["retention"]?.duration(atMost: Self.longestRetention))
    }
}
