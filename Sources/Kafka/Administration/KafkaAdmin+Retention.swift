internal import CRdkafka

extension KafkaAdmin {
    /// How long topics keep records, in milliseconds, in order; `nil` where the cluster says nothing of it, and a negative
    /// number where they are kept for ever.
    /// - Throws: what keeps the cluster from being asked at all.
    public func retention(
        of topics: [String], withinMs: Int64
    ) throws(KafkaError) -> [Result<Int64?, KafkaError>] {
        var requests: [OpaquePointer?] = []
        defer { for request in requests { rd_kafka_ConfigResource_destroy(request) } }
        for topic in topics { requests.append(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic)) }
        let event = try ask(RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, withinMs: withinMs) { client, options, queue in
            rd_kafka_DescribeConfigs(client, &requests, topics.count, options, queue)
        }
        defer { rd_kafka_event_destroy(event) }
        var count = 0
        let results = rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(event), &count)
        var answers: [String: Result<Int64?, KafkaError>] = [:]
        for result in UnsafeBufferPointer(start: results, count: count) {
            guard let name = rd_kafka_ConfigResource_name(result) else { continue }
            let topic = String(cString: name)
            answers[topic] = Self.retention(topic, result)
        }
        return topics.map { answers[$0] ?? .failure(Self.silence($0)) }
    }

    private static func retention(_ topic: String, _ resource: OpaquePointer?) -> Result<Int64?, KafkaError> {
        let response = rd_kafka_ConfigResource_error(resource)
        guard response == RD_KAFKA_RESP_ERR_NO_ERROR else {
            let text = rd_kafka_ConfigResource_error_string(resource).map { String(cString: $0) }
            return .failure(error(response, topic, text, "DescribeTopicDynamicConfiguration"))
        }
        var count = 0
        let entries = rd_kafka_ConfigResource_configs(resource, &count)
        for entry in UnsafeBufferPointer(start: entries, count: count) {
            guard let name = rd_kafka_ConfigEntry_name(entry), String(cString: name) == "retention.ms" else { continue }
            return .success(rd_kafka_ConfigEntry_value(entry).flatMap { Int64(String(cString: $0)) })
        }
        return .success(nil)
    }
}
