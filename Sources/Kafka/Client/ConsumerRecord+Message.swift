internal import CRdkafka

extension ConsumerRecord {
    /// A copy of what librdkafka has read.
    init(_ message: UnsafePointer<rd_kafka_message_t>, topic: String) {
        self.init(
            topic: topic, partition: message.pointee.partition, offset: message.pointee.offset,
            timestampMs: Self.timestamp(message), key: Self.bytes(message.pointee.key, message.pointee.key_len),
            value: Self.bytes(message.pointee.payload, message.pointee.len), headers: Self.headers(message))
    }

    private static func timestamp(_ message: UnsafePointer<rd_kafka_message_t>) -> Int64? {
        var kind = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE
        let timestamp = rd_kafka_message_timestamp(message, &kind)
        return kind == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE || timestamp < 0 ? nil : timestamp
    }

    private static func bytes(_ address: UnsafeRawPointer?, _ count: Int) -> [UInt8]? {
        address.map { Array(UnsafeRawBufferPointer(start: $0, count: count)) }
    }

    private static func headers(_ message: UnsafePointer<rd_kafka_message_t>) -> [(name: String, value: [UInt8]?)] {
        var list: OpaquePointer?
        // The list stays the message's.
        guard rd_kafka_message_headers(message, &list) == RD_KAFKA_RESP_ERR_NO_ERROR, let list else { return [] }
        var headers: [(name: String, value: [UInt8]?)] = []
        var name: UnsafePointer<CChar>?
        var value: UnsafeRawPointer?
        var count = 0
        while rd_kafka_header_get_all(list, headers.count, &name, &value, &count) == RD_KAFKA_RESP_ERR_NO_ERROR,
            let name
        {
            headers.append((String(cString: name), bytes(value, count)))
        }
        return headers
    }
}
