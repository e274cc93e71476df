public import LambdaRuntime

/// The function kafka-ingest: rows of Kafka records into the tables that the lake's definition names, each exactly
/// once, and records that cannot be decoded into the dead-letter table.
///
/// What can be committed is committed. If records are left then, of whatever topic, the invocation fails with what is
/// left and why, so that Lambda sends the batch again; records that are in their table by then are passed over. That is
/// right under every kind of event source mapping, while batch item failures are not known to all of them.
public struct KafkaIngest: LambdaHandler {
    /// What the function is called with.
    public typealias Event = KafkaEvent

    private var streams: IngestStreams

    /// A handler that writes to this lake. Tables that exist are loaded now, so that the first event finds them; what
    /// goes wrong with that is logged, and tried again by the first event that needs the table. Logged too is what of
    /// the definition a table does not follow.
    public init(lake: Lake, _ context: InitContext) {
        streams = IngestStreams(lake, context, of: \.isOfKafka)
    }

    /// Takes one batch of records, of whatever topics and partitions.
    /// - Throws: ``JobError`` if any record is not taken, after all that can be have been.
    public mutating func handle(_ event: KafkaEvent, _ context: Context) throws -> LambdaResponse {
        let deadline = streams.begin(context)
        var failures: [any Error] = []
        for (topic, shards) in Self.grouped(event.records) {
            do {
                try ingest(shards, topic, event, until: deadline, context)
            } catch {
                failures.append(error)
            }
        }
        guard failures.isEmpty else { throw JobError(all: failures, mixed: .ingest(.uncommitted)) }
        return KafkaBatchReply().response
    }

    private mutating func ingest(
        _ shards: [ShardRecords<KafkaRecord>], _ topic: String, _ event: KafkaEvent, until deadline: WorkDeadline,
        _ context: Context
    ) throws {
        let stream = try definition(of: topic, event)
        guard let source = stream.kafkaIdentity(clusterARN: event.mskARN, event.bootstrapServers) else {
            throw JobError(.ingest(.unknownSource), event.lackOfCluster(topic, stream))
        }
        let report = try streams.ingest(
            shards, of: stream, source: source, name: "\(source)/\(topic)", until: deadline, context)
        if let error = JobError(remainderOf: report) { throw error }
    }

    private func definition(of topic: String, _ event: KafkaEvent) throws(JobError) -> StreamDefinition {
        let arn = event.mskARN
        let lake = streams.lake.definition
        if let stream = lake.stream(kafkaTopic: topic, clusterARN: arn, bootstrapServers: event.bootstrapServers) {
            return stream
        }
        let known = lake.streams.filter(\.isOfKafka).map(\.name).joined(separator: ", ")
        throw JobError(
            .ingest(.unknownStream),
            "no stream of the definition takes records of the topic \(topic) of "
                + "\(arn ?? event.bootstrapServers.joined(separator: ",")); it has: \(known.isEmpty ? "none" : known)")
    }

    /// The records by topic, and by partition within it, in the order of the event.
    static func grouped(
        _ records: [KafkaRecord]
    ) -> [(topic: String, shards: [ShardRecords<KafkaRecord>])] {
        var order: [(topic: String, partitions: [Int32])] = []
        var byPartition: [String: [Int32: [KafkaRecord]]] = [:]
        var start = 0
        while start < records.count {
            // Records of one partition stand together, so each run of them is looked up once.
            let (view, partition) = (records[start].topic, records[start].partition)
            var end = start + 1
            while end < records.count, records[end].partition == partition, records[end].topic == view { end += 1 }
            let topic = view.string
            if let place = order.firstIndex(where: { $0.topic == topic }) {
                if byPartition[topic]?[partition] == nil { order[place].partitions.append(partition) }
            } else {
                order.append((topic, [partition]))
            }
            byPartition[topic, default: [:]][partition, default: []] += records[start..<end]
            start = end
        }
        return order.map { topic, partitions in
            let shards = partitions.map {
                ShardRecords(shard: "\(topic)-\($0)", records: byPartition[topic]?[$0] ?? [])
            }
            return (topic, shards)
        }
    }
}

extension KafkaEvent {
    /// The ARN of the cluster; only MSK's have one.
    var mskARN: String? { source == .msk ? clusterARN?.string : nil }

    /// What to say of an event that does not tell its cluster.
    func lackOfCluster(_ topic: String, _ stream: StreamDefinition) -> String {
        "the event does not say which cluster the topic \(topic) is of: "
            + (source == .msk
                ? "eventSourceArn is empty"
                : "bootstrapServers is empty; give the stream \"\(stream.name)\" a \"cluster\"")
    }
}
