public import JSON

/// The event that Lambda calls a function with for records of a Kafka topic.
public struct KafkaEventText: EventText {
    /// The cluster of MSK; nil for one that its operators manage themselves, whose events name no ARN.
    public let clusterARN: String?
    /// Where the cluster is reached: each `host:port`, with commas in between.
    public let bootstrapServers: String

    /// Events of a cluster.
    public init(clusterARN: String?, bootstrapServers: String) {
        self.clusterARN = clusterARN
        self.bootstrapServers = bootstrapServers
    }

    /// The event's text, on one line unless indented. Partitions come in the order of their numbers, and the records of
    /// each as they are given.
    public func text(_ records: [StreamRecord], indentation: Int?) -> [UInt8] {
        var writer = JSONWriter(indentation: indentation)
        if indentation == nil { writer.reserveCapacity(byteCount(records)) }
        writer.object { writer in
            writer.member("eventSource", eventSource)
            if let clusterARN { writer.member("eventSourceArn", clusterARN) }
            writer.member("bootstrapServers", bootstrapServers)
            writer.member("records") { writer in
                writer.object { writer in
                    for (shard, records) in Self.byShard(records) {
                        writer.member(shard) { writer in
                            let partition = TopicPartition(shard: shard)
                            writer.array { writer in
                                for record in records { Self.write(record, of: partition, to: &writer) }
                            }
                        }
                    }
                }
            }
        }
        return writer.bytes
    }

    private var eventSource: String { clusterARN == nil ? "SelfManagedKafka" : "aws:kafka" }

    private static func byShard(_ records: [StreamRecord]) -> [(shard: String, records: [StreamRecord])] {
        Dictionary(grouping: records, by: \.shard)
            .sorted { (TopicPartition(shard: $0.key).number, $0.key) < (TopicPartition(shard: $1.key).number, $1.key) }
            .map { ($0.key, $0.value) }
    }

    private static func write(
        _ record: StreamRecord, of partition: TopicPartition, to writer: inout JSONWriter
    ) {
        writer.object { writer in
            writer.member("topic", partition.topic)
            writer.member("partition", partition.number)
            writer.member("offset", record.offset)
            writer.member("timestamp", record.timestampMs)
            writer.member("timestampType", "CREATE_TIME")
            if let key = record.key { writer.member("key", Base64.encode(key)) }
            writer.member("value", Base64.encode(record.value))
            writer.member("headers") { $0.array { _ in } }
        }
    }

    // MARK: - Sizes

    private static let empty = "{\"eventSource\":,\"bootstrapServers\":,\"records\":{}}".utf8.count
    private static let fixed =
        """
        ,{"topic":,"partition":,"offset":,"timestamp":,"timestampType":"CREATE_TIME","value":,"headers":[]}
        """.utf8.count

    /// Bytes of an event without records; the first partition's missing comma is already taken off.
    public var emptyByteCount: Int {
        let arn = clusterARN.map { ",\"eventSourceArn\":".utf8.count + Self.stringByteCount($0) } ?? 0
        return Self.empty - 1 + Self.stringByteCount(eventSource) + arn + Self.stringByteCount(bootstrapServers)
    }

    /// Bytes that a record takes in an event, with the comma before it.
    public func byteCount(of record: StreamRecord) -> Int {
        let partition = TopicPartition(shard: record.shard)
        let place =
            Self.stringByteCount(partition.topic) + Self.decimalByteCount(partition.number)
            + Self.decimalByteCount(record.offset) + Self.decimalByteCount(record.timestampMs)
        let key = record.key.map { ",\"key\":".utf8.count + Self.base64ByteCount($0) } ?? 0
        return Self.fixed + place + key + Self.base64ByteCount(record.value)
    }

    /// A partition's name and brackets, and the comma before it, less the comma that its first record has not.
    public func byteCount(ofShard shard: String) -> Int { Self.stringByteCount(shard) + ",:[]".utf8.count - 1 }

    // MARK: - Failures

    /// A record's topic, partition and offset.
    public func identifier(of record: StreamRecord) -> ItemIdentifier {
        .offset(partition: record.shard, record.offset)
    }

    /// `KafkaBatchInfo`.
    public func writeBatchInfo(_ records: [StreamRecord], to writer: inout JSONWriter) {
        writer.member("KafkaBatchInfo") { writer in
            writer.object { writer in
                writer.member("batchSize", records.count)
                if let clusterARN { writer.member("eventSourceArn", clusterARN) }
                writer.member("bootstrapServers", bootstrapServers)
                writer.member("payloadSize", byteCount(records))
                writer.member("recordsInfo") { writer in
                    writer.object { writer in
                        for (shard, records) in Self.byShard(records) { Self.write(shard, records, to: &writer) }
                    }
                }
            }
        }
    }

    private static func write(_ shard: String, _ records: [StreamRecord], to writer: inout JSONWriter) {
        guard let first = records.first, let last = records.last else { return }
        writer.member(shard) { writer in
            writer.object { writer in
                writer.member("firstRecordOffset", "\(first.offset)")
                writer.member("lastRecordOffset", "\(last.offset)")
                writer.member("firstRecordTimestamp", timestamp(first.timestampMs))
                writer.member("lastRecordTimestamp", timestamp(last.timestampMs))
            }
        }
    }
}
