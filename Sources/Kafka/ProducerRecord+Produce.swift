internal import CRdkafka

extension ProducerRecord {
    /// Gives a copy to librdkafka's queue. The topic's name holds no NUL.
    func produce(with client: OpaquePointer) throws(KafkaError) -> rd_kafka_resp_err_t {
        guard timestampMs ?? 0 >= 0 else {
            throw KafkaError(.configuration, "a record for the Kafka topic \(topic) is from before the epoch")
        }
        let headers = try makeHeaders()
        let response = Self.withBytes(key) { key, keyLength in
            Self.withBytes(value) { value, valueLength in
                // The timestamp 0 stands for now.
                swiftlake_rdkafka_produce(
                    client, topic, key, keyLength, value, valueLength, timestampMs ?? 0, headers)
            }
        }
        if response != RD_KAFKA_RESP_ERR_NO_ERROR, let headers { rd_kafka_headers_destroy(headers) }
        return response
    }

    /// The headers as librdkafka wants them, which are the caller's; nil for none.
    private func makeHeaders() throws(KafkaError) -> OpaquePointer? {
        guard !headers.isEmpty else { return nil }
        guard let list = rd_kafka_headers_new(headers.count) else { return nil }
        for header in headers {
            var name = header.name
            let response = name.withUTF8 { name in
                name.withMemoryRebound(to: CChar.self) { name in
                    Self.withBytes(header.value) { value, length in
                        rd_kafka_header_add(list, name.baseAddress, name.count, value, length)
                    }
                }
            }
            guard response == RD_KAFKA_RESP_ERR_NO_ERROR else {
                rd_kafka_headers_destroy(list)
                throw KafkaError(response, about: .topic(topic))
            }
        }
        return list
    }

    /// Bytes as librdkafka wants them: none is no address, and empty is one.
    private static func withBytes<Result>(
        _ bytes: [UInt8]?, _ body: (UnsafeRawPointer?, Int) -> Result
    ) -> Result {
        guard let bytes else { return body(nil, 0) }
        guard !bytes.isEmpty else { return withUnsafeBytes(of: UInt8(0)) { body($0.baseAddress, 0) } }
        return bytes.withUnsafeBytes { body($0.baseAddress, $0.count) }
    }
}
