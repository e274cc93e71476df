internal import CRdkafka
internal import Glibc

/// Reads partitions of topics from offsets that the caller keeps: no consumer group, and nothing is committed.
/// One thread may use it.
public final class KafkaConsumer {
    private let client: KafkaClient
    /// Where the records of all assigned partitions arrive.
    private let queue: OpaquePointer
    /// The topics that were asked for, by name: librdkafka's, valid as long as the client.
    private var topics: [String: OpaquePointer] = [:]
    private var assigned: [(topic: String, partition: Int32)] = []
    /// What went wrong behind the records that were polled last.
    private var pending: KafkaError?
    /// Where each partition of a topic ended when its end was reached last.
    private var ends: [String: [Int32: Int64]] = [:]
    /// Whether an end was reached by the last reading.
    private var hasReachedEnd = false

    /// A consumer, whose brokers are not reached yet.
    /// - Parameter log: takes librdkafka's logs, while records are polled; without it they are dropped.
    public init(_ settings: KafkaSettings, log: ((KafkaLogLine) -> Void)? = nil) throws(KafkaError) {
        let configuration = try KafkaConfigurationHandle(settings, log: log)
        try configuration.set("enable.auto.commit", "false")
        // An offset that the topic does not have is said: going on elsewhere would lose or repeat records.
        try configuration.set("auto.offset.reset", "error")
        // Behind the last record there may be markers of transactions, and gaps: only the broker knows that nothing follows.
        try configuration.set("enable.partition.eof", "true")
        try configuration.set("queued.max.messages.kbytes", "\(max(1, settings.maximumQueuedBytes >> 10))")
        try configuration.set("fetch.wait.max.ms", "100")
        client = try configuration.makeClient(RD_KAFKA_CONSUMER)
        guard let queue = rd_kafka_queue_new(client.handle) else {
            throw KafkaError(.configuration, "librdkafka gives no queue for a consumer")
        }
        self.queue = queue
    }

    deinit {
        stop()
        rd_kafka_queue_destroy(queue)
        for topic in topics.values { rd_kafka_topic_destroy(topic) }
    }

    /// The partitions of a topic.
    /// - Throws: `.unknownTopic`, `.brokersDown`, `.timedOut`.
    public func partitions(of topic: String, withinMs: Int64) throws(KafkaError) -> [Int32] {
        let handle = try self.handle(of: topic)
        var metadata: UnsafePointer<rd_kafka_metadata>?
        let response = rd_kafka_metadata(client.handle, 0, handle, &metadata, Int32(clamping: max(0, withinMs)))
        client.poll(withinMs: 0)
        guard response == RD_KAFKA_RESP_ERR_NO_ERROR, let metadata else { throw fault(response, topic) }
        defer { rd_kafka_metadata_destroy(metadata) }
        guard metadata.pointee.topic_cnt == 1, let found = metadata.pointee.topics?.pointee else {
            throw KafkaError(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, about: .topic(topic))
        }
        guard found.err == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaError(found.err, about: .topic(topic)) }
        return UnsafeBufferPointer(start: found.partitions, count: Int(found.partition_cnt)).map(\.id).sorted()
    }

    /// Says what to read from now on, instead of what was said before: each partition from the offset, or from the beginning
    /// without one. What was read of others and not polled is dropped.
    public func assign(_ offsets: [(topic: String, partition: Int32, offset: Int64?)]) throws(KafkaError) {
        stop()
        pending = nil
        ends = [:]
        for (topic, partition, offset) in offsets {
            guard offset ?? 0 >= 0, partition >= 0 else {
                throw KafkaError(.configuration, "an offset or partition of the Kafka topic \(topic) is below zero")
            }
            guard !assigned.contains(where: { $0 == (topic, partition) }) else {
                throw KafkaError(.configuration, "partition \(partition) of the Kafka topic \(topic) is assigned twice")
            }
            let start = offset ?? Int64(RD_KAFKA_OFFSET_BEGINNING)
            guard rd_kafka_consume_start_queue(try handle(of: topic), partition, start, queue) == 0 else {
                throw KafkaError(rd_kafka_last_error(), about: .topic(topic, partition: partition))
            }
            assigned.append((topic, partition))
        }
    }

    /// The next records of the assigned partitions, in the order of each: as many as are there, or those that come first
    /// within the time.
    /// - Throws: `.notAuthorised`, `.unknownTopic`, `.refused` for an offset that the partition does not have. The records that
    ///   were read before are in the next result.
    public func poll(withinMs: Int64, atMost: Int) throws(KafkaError) -> [ConsumerRecord] {
        client.poll(withinMs: 0)
        if let fault = pending ?? client.callbacks.takeOutage() {
            pending = nil
            throw fault
        }
        guard atMost > 0 else { return [] }
        let until = Self.nowMs + min(max(0, withinMs), Int64(Int32.max))
        var records: [ConsumerRecord]
        repeat {
            records = read(withinMs: max(0, until - Self.nowMs), atMost: 1)
        } while records.isEmpty && pending == nil && hasReachedEnd
        if !records.isEmpty, atMost > 1 { records += read(withinMs: 0, atMost: atMost - 1) }
        if records.isEmpty, let fault = pending {
            pending = nil
            throw fault
        }
        return records
    }

    /// Where an assigned partition ended when its end was reached last: all its records before this offset were polled. Nil if
    /// it was not reached yet.
    public func endReached(of topic: String, partition: Int32) -> Int64? { ends[topic]?[partition] }

    /// The offset of the oldest record that a partition has, and the one that its next record will have.
    public func watermarks(
        topic: String, partition: Int32, withinMs: Int64
    ) throws(KafkaError) -> (low: Int64, high: Int64) {
        var low: Int64 = 0
        var high: Int64 = 0
        let response = rd_kafka_query_watermark_offsets(
            client.handle, topic, partition, &low, &high, Int32(clamping: max(0, withinMs)))
        client.poll(withinMs: 0)
        guard response == RD_KAFKA_RESP_ERR_NO_ERROR else { throw fault(response, topic, partition) }
        return (low, high)
    }
}

extension KafkaConsumer {
    /// Ends the reading of every partition.
    private func stop() {
        for (topic, partition) in assigned {
            if let handle = topics[topic] { rd_kafka_consume_stop(handle, partition) }
        }
        assigned = []
    }

    private static var nowMs: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// Records that have arrived; the first is waited for, or that an end is reached. What went wrong is pending then.
    private func read(withinMs: Int64, atMost: Int) -> [ConsumerRecord] {
        hasReachedEnd = false
        let capacity = min(atMost, 10_000)
        return withUnsafeTemporaryAllocation(
            of: UnsafeMutablePointer<rd_kafka_message_t>?.self, capacity: capacity
        ) { messages in
            let count = rd_kafka_consume_batch_queue(
                queue, Int32(clamping: max(0, withinMs)), messages.baseAddress, capacity)
            var records: [ConsumerRecord] = []
            records.reserveCapacity(max(0, count))
            for index in 0..<max(0, count) {
                guard let message = messages[index] else { continue }
                defer { rd_kafka_message_destroy(message) }
                let topic = message.pointee.rkt.flatMap { rd_kafka_topic_name($0) }.map { String(cString: $0) } ?? ""
                switch message.pointee.err {
                case RD_KAFKA_RESP_ERR_NO_ERROR: records.append(ConsumerRecord(message, topic: topic))
                case RD_KAFKA_RESP_ERR__PARTITION_EOF:
                    ends[topic, default: [:]][message.pointee.partition] = message.pointee.offset
                    hasReachedEnd = true
                default:
                    let detail = rd_kafka_message_errstr(message).map { String(cString: $0) }
                    pending = KafkaError(
                        message.pointee.err, about: .topic(topic, partition: message.pointee.partition),
                        detail: detail)
                }
            }
            if !records.isEmpty { client.callbacks.noteAnswer() }
            return records
        }
    }

    private func handle(of topic: String) throws(KafkaError) -> OpaquePointer {
        if let handle = topics[topic] { return handle }
        guard !topic.isEmpty, !topic.utf8.contains(0) else {
            throw KafkaError(.configuration, "a Kafka topic's name must hold something, and no NUL character")
        }
        guard let handle = rd_kafka_topic_new(client.handle, topic, nil) else {
            throw KafkaError(rd_kafka_last_error(), about: .topic(topic))
        }
        topics[topic] = handle
        return handle
    }

    /// Why a question got no answer: what keeps the brokers away, if that is known.
    private func fault(_ response: rd_kafka_resp_err_t, _ topic: String, _ partition: Int32? = nil) -> KafkaError {
        switch response {
        case RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__TIMED_OUT:
            client.callbacks.connectionFault ?? KafkaError(response, about: .brokers(client.callbacks.brokers))
        default: KafkaError(response, about: .topic(topic, partition: partition))
        }
    }
}
