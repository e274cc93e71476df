internal import CRdkafka

extension KafkaAdmin {
    /// What became of a topic that was to be made.
    public enum Creation: Equatable, Sendable {
        /// It is there now.
        case created
        /// It was there already.
        case existed
    }

    /// Makes topics, and says of each what became of it, in order.
    /// - Throws: what keeps the cluster from being asked at all; then it is not known which topics were made.
    public func create(
        _ topics: [TopicSpecification], withinMs: Int64
    ) throws(KafkaError) -> [Result<Creation, KafkaError>] {
        var requests: [OpaquePointer?] = []
        defer { for request in requests { rd_kafka_NewTopic_destroy(request) } }
        for topic in topics { requests.append(try Self.request(topic)) }
        let event = try ask(RD_KAFKA_ADMIN_OP_CREATETOPICS, withinMs: withinMs) { client, options, queue in
            rd_kafka_CreateTopics(client, &requests, topics.count, options, queue)
        }
        defer { rd_kafka_event_destroy(event) }
        var count = 0
        let results = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count)
        let answers = Self.answers(results, count)
        return topics.map { topic in
            switch answers[topic.name] {
            case (RD_KAFKA_RESP_ERR_NO_ERROR, _)?: .success(.created)
            case (RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS, _)?: .success(.existed)
            case (let response, let text)?: .failure(Self.error(response, topic.name, text, "CreateTopic"))
            case nil: .failure(Self.silence(topic.name))
            }
        }
    }

    /// Gives topics more partitions, and says of each why that did not work, or nil, in order. Records of a key lie in another
    /// partition from then on than before.
    /// - Parameter partitions: how many a topic has afterwards.
    /// - Throws: what keeps the cluster from being asked at all; then it is not known which topics have grown.
    public func grow(
        _ topics: [(name: String, partitions: Int32)], withinMs: Int64
    ) throws(KafkaError) -> [KafkaError?] {
        var requests: [OpaquePointer?] = []
        defer { for request in requests { rd_kafka_NewPartitions_destroy(request) } }
        for topic in topics {
            requests.append(
                try Self.made(topic.name) {
                    rd_kafka_NewPartitions_new(topic.name, Int(topic.partitions), $0, $1)
                })
        }
        let event = try ask(RD_KAFKA_ADMIN_OP_CREATEPARTITIONS, withinMs: withinMs) { client, options, queue in
            rd_kafka_CreatePartitions(client, &requests, topics.count, options, queue)
        }
        defer { rd_kafka_event_destroy(event) }
        var count = 0
        let results = rd_kafka_CreatePartitions_result_topics(rd_kafka_event_CreatePartitions_result(event), &count)
        let answers = Self.answers(results, count)
        return topics.map { topic in
            switch answers[topic.name] {
            case (RD_KAFKA_RESP_ERR_NO_ERROR, _)?: nil
            case (let response, let text)?: Self.error(response, topic.name, text, "AlterTopic")
            case nil: Self.silence(topic.name)
            }
        }
    }

    private static func request(_ topic: TopicSpecification) throws(KafkaError) -> OpaquePointer {
        guard topic.partitions >= 1 else {
            throw KafkaError(.configuration, "the Kafka topic \(topic.name) must have at least one partition")
        }
        let request = try made(topic.name) {
            rd_kafka_NewTopic_new(topic.name, topic.partitions, Int32(topic.replication ?? -1), $0, $1)
        }
        if let retention = topic.retentionMs {
            let response = rd_kafka_NewTopic_set_config(request, "retention.ms", "\(retention)")
            guard response == RD_KAFKA_RESP_ERR_NO_ERROR else {
                rd_kafka_NewTopic_destroy(request)
                throw error(response, topic.name, nil, "CreateTopic")
            }
        }
        return request
    }

    /// A part of a request, which librdkafka refuses to make of names and numbers that no topic has.
    private static func made(
        _ topic: String, _ make: (UnsafeMutablePointer<CChar>?, Int) -> OpaquePointer?
    ) throws(KafkaError) -> OpaquePointer {
        let (request, reason) = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { text in
            text.initialize(repeating: 0)
            let request = make(text.baseAddress, text.count)
            return (request, text.baseAddress.map { String(cString: $0) } ?? "")
        }
        guard let request else {
            throw KafkaError(.configuration, "the Kafka topic \"\(topic)\" cannot be asked for: \(reason)")
        }
        return request
    }

    private static func answers(
        _ results: UnsafeMutablePointer<OpaquePointer?>?, _ count: Int
    ) -> [String: (rd_kafka_resp_err_t, String?)] {
        var answers: [String: (rd_kafka_resp_err_t, String?)] = [:]
        for result in UnsafeBufferPointer(start: results, count: count) {
            guard let name = rd_kafka_topic_result_name(result) else { continue }
            let text = rd_kafka_topic_result_error_string(result).map { String(cString: $0) }
            answers[String(cString: name)] = (rd_kafka_topic_result_error(result), text)
        }
        return answers
    }

    static func silence(_ topic: String) -> KafkaError {
        KafkaError(.refused, "the Kafka topic \(topic): the cluster's answer does not name it")
    }
}
