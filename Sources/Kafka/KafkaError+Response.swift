internal import CRdkafka

/// What an answer of librdkafka or of a broker was about.
enum KafkaSubject {
    /// The way to these brokers.
    case brokers(String)
    /// A topic, or one of its partitions.
    case topic(String, partition: Int32? = nil)
}

extension KafkaError {
    /// An answer that is no success (https://kafka.apache.org/protocol#protocol_error_codes, and librdkafka's own below zero).
    /// - Parameter detail: what librdkafka says about it; nil for the code's own text.
    init(_ response: rd_kafka_resp_err_t, about subject: KafkaSubject, detail: String? = nil) {
        let text =
            switch response {
            case RD_KAFKA_RESP_ERR__PURGE_QUEUE: "not sent when the time was up"
            case RD_KAFKA_RESP_ERR__PURGE_INFLIGHT:
                "sent but not acknowledged when the time was up, so that it may have arrived"
            default: if let detail, !detail.isEmpty { detail } else { String(cString: rd_kafka_err2str(response)) }
            }
        let code = Self.code(of: response)
        self.init(code, Self.message(code, subject, text))
    }

    private static func code(of response: rd_kafka_resp_err_t) -> Code {
        switch response {
        case RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, RD_KAFKA_RESP_ERR__RESOLVE,
            RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION, RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE:
            .brokersDown
        case RD_KAFKA_RESP_ERR__AUTHENTICATION, RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED,
            RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM, RD_KAFKA_RESP_ERR_ILLEGAL_SASL_STATE:
            .authenticationFailed
        case RD_KAFKA_RESP_ERR__SSL: .tlsFailed
        case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED,
            RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
            .notAuthorised
        case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE,
            RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE:
            .messageTooLarge
        case RD_KAFKA_RESP_ERR__QUEUE_FULL: .queueFull
        case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION,
            RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
            .unknownTopic
        case RD_KAFKA_RESP_ERR__TIMED_OUT, RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE,
            RD_KAFKA_RESP_ERR__PURGE_QUEUE, RD_KAFKA_RESP_ERR__PURGE_INFLIGHT, RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT:
            .timedOut
        case RD_KAFKA_RESP_ERR__INVALID_ARG: .configuration
        default: .refused
        }
    }

    private static func message(_ code: Code, _ subject: KafkaSubject, _ text: String) -> String {
        let place =
            switch subject {
            case .brokers(let brokers): "the Kafka brokers \(brokers)"
            case .topic(let topic, nil): "the Kafka topic \(topic)"
            case .topic(let topic, let partition?): "partition \(partition) of the Kafka topic \(topic)"
            }
        return switch code {
        case .brokersDown:
            "\(place) cannot be reached: \(text). Check their addresses and ports, the network on the way to them, and that "
                + "the security protocol is the one of that port"
        case .authenticationFailed:
            "\(place) do not believe who we are: \(text). Check the user's name and password, or that the role may "
                + "connect (kafka-cluster:Connect)"
        case .tlsFailed:
            "no TLS connection with \(place): \(text). Check that this port speaks TLS, and that the bundle of "
                + "certificates holds what the brokers' own descend from"
        case .notAuthorised:
            "\(place): not allowed: \(text). Grant it in the brokers' access control lists, or to the role "
                + "(kafka-cluster:WriteData, DescribeTopic, WriteDataIdempotently)"
        case .messageTooLarge:
            "\(place): the record or its batch is larger than is taken: \(text). Make the records smaller, or the topic's "
                + "max.message.bytes larger"
        case .queueFull:
            "\(place): too many records wait to be sent: \(text). Send more slowly, or flush in between"
        case .unknownTopic: "\(place) does not exist or has no such partition: \(text). Create it with bootstrap-topics"
        case .timedOut: "\(place): no answer in time: \(text)"
        case .configuration: "\(place): not a request that can be made: \(text)"
        case .refused: "\(place): refused: \(text)"
        }
    }
}
