internal import EventSources
internal import Simulation

/// Kafka events as Lambda would send them for a cluster of MSK, around generated records.
enum GeneratedKafkaEvent {
    static let clusterARN =
        "arn:aws:kafka:eu-west-1:123456789012:cluster/lake/3f6b7c1e-52a4-4d0b-9a51-8f2d5c0f7a11-4"
    private static let bootstrapServers =
        "b-1.lake.a1b2c3.c4.kafka.eu-west-1.amazonaws.com:9098,b-2.lake.a1b2c3.c4.kafka.eu-west-1.amazonaws.com:9098"

    /// The event with these records of a topic, each partition's in the order of its offsets.
    static func text(_ topic: GeneratedTopic, _ records: Range<Int>, indentation: Int? = nil) -> [UInt8] {
        let event = KafkaEventText(clusterARN: clusterARN, bootstrapServers: bootstrapServers)
        let records = records.map(topic.record).map { record in
            StreamRecord(
                shard: TopicPartition(topic: topic.name, number: Int64(record.partition)).shard, offset: record.offset,
                key: Array(record.key.utf8), value: record.value, timestampMs: record.timestampMs)
        }
        return event.text(records, indentation: indentation)
    }
}
