internal import CRdkafka

/// The owner of a client of librdkafka. Its threads are librdkafka's own; one thread may use it.
final class KafkaClient {
    /// Valid as long as the owner.
    let handle: OpaquePointer
    /// What librdkafka calls back; kept for it.
    let callbacks: KafkaCallbacks

    /// - Throws: `.configuration` for a client that would ask for no token; it is ended then.
    init(_ handle: OpaquePointer, _ callbacks: KafkaCallbacks) throws(KafkaError) {
        self.handle = handle
        self.callbacks = callbacks
        rd_kafka_set_log_queue(handle, nil)
        // Tokens are asked for whether or not anyone polls: a function may rest for longer than one lasts.
        if callbacks.refreshToken != nil, let error = rd_kafka_sasl_background_callbacks_enable(handle) {
            defer { rd_kafka_error_destroy(error) }
            let reason = rd_kafka_error_string(error).map { String(cString: $0) } ?? ""
            throw KafkaError(
                .configuration, "the Kafka client for \(callbacks.brokers) cannot ask for tokens: \(reason)")
        }
    }

    /// Ends the client's threads; what waits to be sent is given up.
    deinit {
        callbacks.names.giveUp()
        rd_kafka_purge(handle, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT | RD_KAFKA_PURGE_F_NON_BLOCKING)
        rd_kafka_destroy(handle)
    }

    /// Serves callbacks, and waits for the first one if there is none yet.
    func poll(withinMs: Int64) { rd_kafka_poll(handle, Int32(clamping: max(0, withinMs))) }

    /// The error that makes this client useless, if there was one.
    var endingError: KafkaError? { Self.endingError(of: handle, about: .brokers(callbacks.brokers)) }

    /// The error that made a client useless, as what it means for a subject.
    static func endingError(of handle: OpaquePointer, about subject: KafkaSubject) -> KafkaError? {
        let (code, reason) = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { text in
            text.initialize(repeating: 0)
            let code = rd_kafka_fatal_error(handle, text.baseAddress, text.count)
            return (code, text.baseAddress.map { String(cString: $0) } ?? "")
        }
        guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return nil }
        return KafkaError(code, about: subject, detail: reason)
    }

    /// What an answer for a record of a topic means.
    func error(_ response: rd_kafka_resp_err_t, topic: String) -> KafkaError {
        callbacks.error(response, topic: topic, of: handle)
    }
}
