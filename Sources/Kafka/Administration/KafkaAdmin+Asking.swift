internal import CRdkafka

extension KafkaAdmin {
    /// How long the cluster may take for an operation itself, in milliseconds.
    private static let operationMs: Int64 = 15_000

    /// Sends a request and waits for its answer, an event that the caller destroys.
    func ask(
        _ operation: rd_kafka_admin_op_t, withinMs: Int64,
        _ send: (_ client: OpaquePointer, _ options: OpaquePointer?, _ queue: OpaquePointer) -> Void
    ) throws(KafkaError) -> OpaquePointer {
        var patience = Patience(withinMs: withinMs)
        let options = rd_kafka_AdminOptions_new(client.handle, operation)
        defer { rd_kafka_AdminOptions_destroy(options) }
        let milliseconds = Int32(clamping: max(1, patience.leftMs))
        rd_kafka_AdminOptions_set_request_timeout(options, milliseconds, nil, 0)
        if operation != RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS {
            let waitMs = Int32(clamping: max(1, min(patience.leftMs, Self.operationMs)))
            rd_kafka_AdminOptions_set_operation_timeout(options, waitMs, nil, 0)
        }
        // A queue of its own: an answer that comes too late for one request is none to the next.
        guard let queue = rd_kafka_queue_new(client.handle) else {
            throw KafkaError(.configuration, "librdkafka gives no queue for administration")
        }
        defer { rd_kafka_queue_destroy(queue) }
        send(client.handle, options, queue)
        while true {
            let event = rd_kafka_queue_poll(queue, 100)
            client.poll(withinMs: 0)
            guard let event else {
                if let fault = patience.fault(client, orElse: RD_KAFKA_RESP_ERR__TIMED_OUT) { throw fault }
                continue
            }
            let response = rd_kafka_event_error(event)
            guard response == RD_KAFKA_RESP_ERR_NO_ERROR else {
                let text = rd_kafka_event_error_string(event).map { String(cString: $0) }
                rd_kafka_event_destroy(event)
                let fault = response == RD_KAFKA_RESP_ERR__TIMED_OUT ? client.callbacks.connectionFault : nil
                throw fault ?? KafkaError(response, about: .brokers(client.callbacks.brokers), detail: text)
            }
            client.callbacks.noteAnswer()
            return event
        }
    }
}
