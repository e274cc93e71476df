internal import Kafka

/// A Kafka cluster, as far as making topics needs it.
protocol TopicCluster {
    /// A topic as it is; nil if there is none.
    func describe(_ topic: String, withinMs: Int64) throws(KafkaError) -> TopicDescription?
    /// How long topics keep records, in milliseconds, in order.
    func retention(of topics: [String], withinMs: Int64) throws(KafkaError) -> [Result<Int64?, KafkaError>]
    /// Makes topics, and says what became of each, in order.
    func create(
        _ topics: [TopicSpecification], withinMs: Int64
    ) throws(KafkaError) -> [Result<KafkaAdmin.Creation, KafkaError>]
    /// Gives topics more partitions, and says of each why that did not work, in order.
    func grow(_ topics: [(name: String, partitions: Int32)], withinMs: Int64) throws(KafkaError) -> [KafkaError?]
}

extension KafkaAdmin: TopicCluster {}
