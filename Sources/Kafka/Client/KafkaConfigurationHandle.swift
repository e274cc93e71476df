internal import CRdkafka

/// The owner of a configuration of librdkafka, until a client takes it over. Producer, consumer and administration share it:
/// it knows the settings that all three need.
final class KafkaConfigurationHandle {
    /// Nil once a client has it.
    private var handle: OpaquePointer?
    /// What librdkafka calls back.
    let callbacks: KafkaCallbacks

    /// The settings that every client shares: how brokers are reached, and who is called back.
    init(_ settings: KafkaSettings, log: ((KafkaLogLine) -> Void)?) throws(KafkaError) {
        guard !settings.bootstrapServers.isEmpty, settings.bootstrapServers.allSatisfy({ !$0.isEmpty }) else {
            throw KafkaError(.configuration, "no Kafka broker is named: give at least one as host:port")
        }
        let brokers = settings.bootstrapServers.joined(separator: ",")
        handle = rd_kafka_conf_new()
        callbacks = KafkaCallbacks(brokers: brokers, log: log)
        try set("bootstrap.servers", brokers)
        try set("client.id", settings.clientID)
        // Logs wait in the client's queue, so that they come on the owner's thread, while it polls.
        try set("log.queue", "true")
        try set("socket.keepalive.enable", "true")
        try set("socket.nagle.disable", "true")
        // Failures must show within an invocation, and a function must find its way back soon after it was frozen: a
        // connection that ended meanwhile says so only when a request on it gets no answer.
        try set("socket.connection.setup.timeout.ms", "5000")
        try set("socket.timeout.ms", "10000")
        try set("reconnect.backoff.ms", "50")
        try set("reconnect.backoff.max.ms", "1000")
        // Brokers end a connection that rests for ten minutes, some gateways on the way sooner.
        try set("connections.max.idle.ms", "240000")
        try setSecurity(settings)
    }

    deinit { if let handle { rd_kafka_conf_destroy(handle) } }

    /// Sets a property (https://github.com/confluentinc/librdkafka/blob/master/CONFIGURATION.md). The error names it, and does
    /// not show the value.
    func set(_ name: String, _ value: String) throws(KafkaError) {
        guard let handle else { throw KafkaError(.configuration, "the configuration is in use already") }
        guard !value.utf8.contains(0) else {
            throw KafkaError(.configuration, "the Kafka setting \(name) must not hold a NUL character")
        }
        switch rd_kafka_conf_set(handle, name, value, nil, 0) {
        case RD_KAFKA_CONF_OK: return
        case RD_KAFKA_CONF_UNKNOWN:
            throw KafkaError(.configuration, "this build of librdkafka does not know the setting \(name)")
        default:
            throw KafkaError(.configuration, "the value of the Kafka setting \(name) is not one that librdkafka takes")
        }
    }

    /// A client with these settings. The configuration is used up.
    func makeClient(_ kind: rd_kafka_type_t) throws(KafkaError) -> KafkaClient {
        guard let handle else { throw KafkaError(.configuration, "the configuration is in use already") }
        callbacks.set(on: handle, delivers: kind == RD_KAFKA_PRODUCER)
        if callbacks.refreshToken != nil { rd_kafka_conf_enable_sasl_queue(handle, 1) }
        let (made, reason) = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { text in
            text.initialize(repeating: 0)
            // A client that is made owns the configuration; one that is not leaves it here.
            let made = rd_kafka_new(kind, handle, text.baseAddress, text.count)
            return (made, text.baseAddress.map { String(cString: $0) } ?? "")
        }
        guard let made else {
            throw KafkaError(
                .configuration, "the settings of the Kafka client for \(callbacks.brokers) cannot be used: \(reason)")
        }
        self.handle = nil
        return try KafkaClient(made, callbacks)
    }
}
