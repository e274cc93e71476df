internal import CRdkafka

/// Makes topics of a Kafka cluster, looks at them and gives them more partitions. One thread may use it.
///
/// Asking for a topic never makes one, however the cluster is set.
public final class KafkaAdmin {
    let client: KafkaClient

    /// Administration, whose brokers are not reached yet.
    /// - Parameter log: takes librdkafka's logs, while something is asked; without it they are dropped.
    public init(_ settings: KafkaSettings, log: ((KafkaLogLine) -> Void)? = nil) throws(KafkaError) {
        let configuration = try KafkaConfigurationHandle(settings, log: log)
        // A consumer's client, as a producer's would have the cluster make the topics that it asks for.
        try configuration.set("allow.auto.create.topics", "false")
        client = try configuration.makeClient(RD_KAFKA_CONSUMER)
    }

    /// A topic as it is; nil if there is none.
    /// - Throws: `.notAuthorised` if we may not see it, `.authenticationFailed`, `.tlsFailed`, `.brokersDown`, `.timedOut`.
    public func describe(_ topic: String, withinMs: Int64) throws(KafkaError) -> TopicDescription? {
        guard !topic.isEmpty, !topic.utf8.contains(0),
            let handle = rd_kafka_topic_new(client.handle, topic, nil)
        else { throw KafkaError(.configuration, "\"\(topic)\" cannot be the name of a Kafka topic") }
        defer { rd_kafka_topic_destroy(handle) }
        var patience = Patience(withinMs: withinMs)
        // Short, so that a fault shows that ends the waiting; each time a little longer, for slow clusters.
        var sliceMs: Int64 = 1_000
        while true {
            var metadata: UnsafePointer<rd_kafka_metadata>?
            let waitMs = Int32(clamping: min(sliceMs, patience.leftMs))
            let response = rd_kafka_metadata(client.handle, 0, handle, &metadata, waitMs)
            client.poll(withinMs: 0)
            if response == RD_KAFKA_RESP_ERR_NO_ERROR, let metadata {
                defer { rd_kafka_metadata_destroy(metadata) }
                client.callbacks.noteAnswer()
                return try Self.description(of: topic, metadata.pointee)
            }
            guard response == RD_KAFKA_RESP_ERR__TRANSPORT || response == RD_KAFKA_RESP_ERR__TIMED_OUT else {
                throw Self.error(response, topic, nil, "DescribeTopic")
            }
            if let fault = patience.fault(client, orElse: response) { throw fault }
            sliceMs = min(sliceMs * 2, Self.longestSliceMs)
        }
    }

    /// Faults of connections are told between two slices only.
    private static let longestSliceMs: Int64 = 4_000

    private static func description(
        of topic: String, _ metadata: rd_kafka_metadata
    ) throws(KafkaError) -> TopicDescription? {
        let topics = UnsafeBufferPointer(start: metadata.topics, count: Int(max(0, metadata.topic_cnt)))
        guard let found = topics.first(where: { $0.topic.map { String(cString: $0) } == topic }) else { return nil }
        switch found.err {
        case RD_KAFKA_RESP_ERR_NO_ERROR, RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE: break
        case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC: return nil
        default: throw error(found.err, topic, nil, "DescribeTopic")
        }
        guard found.partition_cnt > 0, let first = found.partitions?.pointee else { return nil }
        return TopicDescription(
            partitions: found.partition_cnt, replication: Int16(clamping: first.replica_cnt))
    }

    /// What an answer about a topic means.
    /// - Parameter action: what MSK calls the permission that it takes.
    static func error(
        _ response: rd_kafka_resp_err_t, _ topic: String, _ text: String?, _ action: String
    ) -> KafkaError {
        let error = KafkaError(response, about: .topic(topic), detail: text)
        guard error.code == .notAuthorised else { return error }
        return KafkaError(
            .notAuthorised,
            "the Kafka topic \(topic): not allowed: \(text ?? String(cString: rd_kafka_err2str(response))). Grant it in the "
                + "brokers' access control lists, or to the role (kafka-cluster:\(action))")
    }
}
