import CRdkafka

@testable import Kafka

/// The cluster that librdkafka plays, on loopback ports of this process.
final class MockCluster {
    /// API keys of requests (https://kafka.apache.org/protocol#protocol_api_keys).
    enum Request: Int16 {
        case produce = 0
        case fetch = 1
        case listOffsets = 2
        case metadata = 3
        case initProducerID = 22
    }

    private let client: OpaquePointer
    private let cluster: OpaquePointer

    init(brokers: Int32 = 1) {
        let configuration = rd_kafka_conf_new()
        rd_kafka_conf_set_log_cb(configuration) { _, _, _, _ in }
        client = rd_kafka_new(RD_KAFKA_PRODUCER, configuration, nil, 0)
        cluster = rd_kafka_mock_cluster_new(client, brokers)
    }

    deinit {
        rd_kafka_mock_cluster_destroy(cluster)
        rd_kafka_destroy(client)
    }

    /// How its brokers are reached.
    var settings: KafkaSettings {
        let servers = String(cString: rd_kafka_mock_cluster_bootstraps(cluster))
        return KafkaSettings(bootstrapServers: servers.split(separator: ",").map(String.init))
    }

    func create(topic: String, partitions: Int32 = 1) { rd_kafka_mock_topic_create(cluster, topic, partitions, 1) }

    /// The topic's state from now on.
    func set(topic: String, _ error: rd_kafka_resp_err_t) { rd_kafka_mock_topic_set_error(cluster, topic, error) }

    /// What the next requests of a kind are answered with, instead of being done.
    func answer(_ request: Request, with errors: [rd_kafka_resp_err_t]) {
        rd_kafka_mock_push_request_errors_array(cluster, request.rawValue, errors.count, errors)
    }

    /// Takes back what is left of `answer`.
    func answer(_ request: Request) { rd_kafka_mock_clear_request_errors(cluster, request.rawValue) }

    /// Cuts a broker's connections, and lets none be made.
    func setDown(_ broker: Int32 = 1) { rd_kafka_mock_broker_set_down(cluster, broker) }

    func setUp(_ broker: Int32 = 1) { rd_kafka_mock_broker_set_up(cluster, broker) }

    /// Delays each answer of a broker.
    func setRoundTrip(_ broker: Int32 = 1, milliseconds: Int32) {
        rd_kafka_mock_broker_set_rtt(cluster, broker, milliseconds)
    }

    /// All records of a topic, by partition and offset, once there are as many as expected or nothing more comes.
    func records(of topic: String, expected: Int) throws -> [ConsumerRecord] {
        let consumer = try KafkaConsumer(settings)
        let partitions = try consumer.partitions(of: topic, withinMs: 5_000)
        try consumer.assign(partitions.map { (topic, $0, nil) })
        var found: [ConsumerRecord] = []
        while true {
            let wait: Int64 = found.count < expected ? 5_000 : 200
            let next = try consumer.poll(withinMs: wait, atMost: 1_000)
            guard !next.isEmpty else { break }
            found += next
        }
        return found.sorted { ($0.partition, $0.offset) < ($1.partition, $1.offset) }
    }
}

/// A record whose value is a text.
func record(_ value: String, key: String? = nil, topic: String = "quotes") -> ProducerRecord {
    ProducerRecord(topic: topic, key: key.map { Array($0.utf8) }, value: Array(value.utf8))
}
