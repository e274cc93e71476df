internal import Foundation
internal import JSON
internal import Simulation

/// Kafka events as Lambda would send them for a cluster of MSK, around generated records.
enum GeneratedKafkaEvent {
    static let clusterARN =
        "arn:aws:kafka:eu-west-1:123456789012:cluster/lake/3f6b7c1e-52a4-4d0b-9a51-8f2d5c0f7a11-4"
    private static let bootstrapServers =
        "b-1.lake.a1b2c3.c4.kafka.eu-west-1.amazonaws.com:9098,b-2.lake.a1b2c3.c4.kafka.eu-west-1.amazonaws.com:9098"

    /// The event with these records of a topic, each partition's in the order of its offsets.
    static func text(_ topic: GeneratedTopic, _ records: Range<Int>, indentation: Int? = nil) -> [UInt8] {
        let byPartition = Dictionary(grouping: records.map(topic.record), by: \.partition)
        var writer = JSONWriter(indentation: indentation)
        writer.object { writer in
            writer.member("eventSource", "aws:kafka")
            writer.member("eventSourceArn", clusterARN)
            writer.member("bootstrapServers", bootstrapServers)
            writer.member("records") { writer in
                writer.object { writer in
                    for (partition, records) in byPartition.sorted(by: { $0.key < $1.key }) {
                        writer.member("\(topic.name)-\(partition)") { writer in
                            writer.array { writer in
                                for record in records { write(record, of: topic.name, to: &writer) }
                            }
                        }
                    }
                }
            }
        }
        return writer.bytes
    }

    private static func write(_ record: GeneratedKafkaRecord, of topic: String, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("topic", topic)
            writer.member("partition", record.partition)
            writer.member("offset", record.offset)
            writer.member("timestamp", record.timestampMs)
            writer.member("timestampType", "CREATE_TIME")
            writer.member("key", Data(record.key.utf8).base64EncodedString())
            writer.member("value", Data(record.value).base64EncodedString())
            writer.member("headers") { $0.array { _ in } }
        }
    }
}
