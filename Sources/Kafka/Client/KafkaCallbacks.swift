internal import CRdkafka

/// What librdkafka calls back, found by the pointer that goes with a configuration. It outlives the client.
///
/// Logs, faults and deliveries come while the owner of the client polls, on its thread. Names are asked for by librdkafka's own
/// threads, and tokens by its background thread.
final class KafkaCallbacks {
    /// Takes librdkafka's logs; without it they are dropped.
    let log: ((KafkaLogLine) -> Void)?
    /// The brokers that errors name.
    let brokers: String
    /// How we say who we are, for errors; nil if we do not.
    var mechanism: String?
    /// What became of the records given to the client.
    var tally = DeliveryTally()
    /// Why a broker is not reached; nil when none failed since one last did what was asked.
    private(set) var connectionFault: KafkaError?
    /// Whether all brokers were down at the same time since one answered.
    private var isOutage = false
    /// Where this client's names are looked up.
    let names = NameResolver()
    /// Obtains a token for the client and gives it to `rd_kafka_oauthbearer_set_token`, or says why there is none by
    /// `rd_kafka_oauthbearer_set_token_failure`. Called by librdkafka's background thread; set before the client is made.
    var refreshToken: ((_ client: OpaquePointer) -> Void)?

    init(brokers: String, log: ((KafkaLogLine) -> Void)?) {
        self.brokers = brokers
        self.log = log
    }

    private static func owner(_ opaque: UnsafeMutableRawPointer?) -> KafkaCallbacks? {
        opaque.map { Unmanaged<KafkaCallbacks>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Tells a configuration to call back here. The configuration's client must not outlive this object.
    func set(on configuration: OpaquePointer, delivers: Bool) {
        rd_kafka_conf_set_opaque(configuration, Unmanaged.passUnretained(self).toOpaque())
        rd_kafka_conf_set_log_cb(configuration) { client, severity, facility, text in
            guard let callbacks = KafkaCallbacks.owner(rd_kafka_opaque(client)), let log = callbacks.log,
                let facility, let text
            else { return }
            log(
                KafkaLogLine(
                    severity: Int(severity), facility: String(cString: facility), text: String(cString: text)))
        }
        rd_kafka_conf_set_error_cb(configuration) { _, code, reason, opaque in
            guard let callbacks = KafkaCallbacks.owner(opaque) else { return }
            callbacks.noteFault(rd_kafka_resp_err_t(rawValue: code), reason.map { String(cString: $0) } ?? "")
        }
        rd_kafka_conf_set_resolve_cb(configuration) { host, service, hints, addresses, opaque in
            guard let addresses, let callbacks = KafkaCallbacks.owner(opaque) else { return NameResolver.failure }
            guard let host else {
                callbacks.names.free(addresses.pointee)
                return 0
            }
            return callbacks.names.resolve(host, service: service, hints: hints, into: addresses)
        }
        if delivers {
            rd_kafka_conf_set_dr_msg_cb(configuration) { client, message, opaque in
                guard let client, let message, let callbacks = KafkaCallbacks.owner(opaque) else { return }
                callbacks.noteDelivery(message.pointee, by: client)
            }
        }
        if refreshToken != nil {
            rd_kafka_conf_set_oauthbearer_token_refresh_cb(configuration) { client, _, opaque in
                guard let client, let callbacks = KafkaCallbacks.owner(opaque) else { return }
                callbacks.refreshToken?(client)
            }
        }
    }

    func noteFault(_ response: rd_kafka_resp_err_t, _ reason: String) {
        // A client that is of no use any more says why when it is asked: see `KafkaClient.endingError`.
        if response == RD_KAFKA_RESP_ERR__FATAL { return }
        // That all brokers are down follows what happened to the last of them, which says more.
        if response == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN {
            isOutage = true
            if connectionFault != nil { return }
        }
        var reason = reason
        if response == RD_KAFKA_RESP_ERR__AUTHENTICATION, let mechanism { reason += " (by \(mechanism))" }
        connectionFault = KafkaError(response, about: .brokers(brokers), detail: reason)
    }

    /// A broker has done what was asked.
    func noteAnswer() {
        connectionFault = nil
        isOutage = false
    }

    /// Why all brokers are down, told once.
    func takeOutage() -> KafkaError? {
        guard isOutage else { return nil }
        isOutage = false
        return connectionFault
    }

    func noteDelivery(_ message: rd_kafka_message_t, by client: OpaquePointer) {
        guard message.err != RD_KAFKA_RESP_ERR_NO_ERROR else {
            isOutage = false
            // That another broker refuses us stays true, and librdkafka repeats it only after a while.
            if connectionFault?.code != .authenticationFailed { connectionFault = nil }
            tally.delivered += 1
            return
        }
        let topic = message.rkt.flatMap { rd_kafka_topic_name($0) }.map { String(cString: $0) } ?? ""
        tally.fail(error(message.err, topic: topic, of: client))
    }

    /// What an answer for a record of a topic means.
    func error(_ response: rd_kafka_resp_err_t, topic: String, of client: OpaquePointer) -> KafkaError {
        let subject = KafkaSubject.topic(topic)
        switch response {
        case RD_KAFKA_RESP_ERR__FATAL, RD_KAFKA_RESP_ERR__PURGE_QUEUE, RD_KAFKA_RESP_ERR__PURGE_INFLIGHT,
            RD_KAFKA_RESP_ERR__MSG_TIMED_OUT:
            // Not the record's fault: what keeps it from being sent, if that is known, is what must be mended.
            return KafkaClient.endingError(of: client, about: subject) ?? connectionFault
                ?? KafkaError(response, about: subject)
        default: return KafkaError(response, about: subject)
        }
    }
}
