/// A generated topic: record `n` of a seed is the same on every machine and in every run, and so are its partition and
/// its offset.
public struct GeneratedTopic: Sendable {
    /// As `lake.json` and Kafka name it.
    public let name: String
    /// How many partitions it has.
    public let partitions: Int
    /// Record `n`.
    public let record: @Sendable (Int) -> GeneratedKafkaRecord
    /// The number of the record with this offset of this partition.
    public let index: @Sendable (_ partition: Int, _ offset: Int64) -> Int

    /// A topic.
    public init(
        name: String, partitions: Int, record: @escaping @Sendable (Int) -> GeneratedKafkaRecord,
        index: @escaping @Sendable (_ partition: Int, _ offset: Int64) -> Int
    ) {
        self.name = name
        self.partitions = partitions
        self.record = record
        self.index = index
    }
}
