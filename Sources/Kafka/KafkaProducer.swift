internal import CRdkafka
internal import Glibc

/// Sends records to the topics of a Kafka cluster, each once: idempotent, acknowledged by all in-sync replicas.
///
/// A function keeps one for all of its invocations, and flushes it before each ends: nothing is under way while it is frozen.
/// Connections are made when it is made, and again when they turn out to have ended. One thread may use it.
public final class KafkaProducer {
    private let settings: KafkaSettings
    private let log: ((KafkaLogLine) -> Void)?
    private var client: KafkaClient
    /// Whether the client holds on to a refusal that may be gone by the next record.
    private var isOutdated = false
    /// How many records were delivered when a full queue had been waited for in vain: nobody waits again before there are more.
    private var deliveredWhenFull: Int?

    /// A producer, whose brokers are not reached yet.
    /// - Parameter log: takes librdkafka's logs, while records are sent or flushed; without it they are dropped.
    public init(_ settings: KafkaSettings, log: ((KafkaLogLine) -> Void)? = nil) throws(KafkaError) {
        self.settings = settings
        self.log = log
        client = try Self.makeClient(settings, log)
    }

    /// Puts a record into the queue, which is sent in the background. What becomes of it is in the next report, also if this
    /// throws. With a full queue it waits a second for room, and not again until something is delivered.
    /// - Throws: `.queueFull`, `.messageTooLarge` for more than a megabyte, or what else is wrong with the record.
    public func send(_ record: ProducerRecord) throws(KafkaError) {
        do throws(KafkaError) {
            try queue(record)
        } catch {
            client.callbacks.tally.fail(error)
            throw error
        }
        // Deliveries are counted as they come, so that they do not fill the queue.
        client.poll(withinMs: 0)
    }

    /// Waits until every record is delivered or refused. Those that are neither after that time are given up: they count as
    /// undelivered, though the cluster may have some of them.
    /// - Returns: what became of the records since the report before.
    public func flush(withinMs: Int64) -> DeliveryReport {
        let end = Self.nowMs + max(0, min(withinMs, Int64(Int32.max)))
        repeat {
            let slice = min(Self.sliceMs, max(0, end - Self.nowMs))
            guard rd_kafka_flush(client.handle, Int32(slice)) != RD_KAFKA_RESP_ERR_NO_ERROR else { break }
        } while Self.nowMs < end && client.endingError == nil
        if rd_kafka_outq_len(client.handle) > 0 { giveUp() }
        // Faults and logs that came behind the last delivery.
        client.poll(withinMs: 0)
        let report = client.callbacks.tally.report()
        deliveredWhenFull = nil
        isOutdated = isOutdated || client.endingError != nil || Self.lasting.contains { report.failures[$0] != nil }
        return report
    }
}

extension KafkaProducer {
    /// Serves deliveries for a time, or until none is awaited.
    /// - Returns: how many records wait or are under way then.
    func waitForDeliveries(withinMs: Int64) -> Int {
        let end = Self.nowMs + withinMs
        while Self.nowMs < end, rd_kafka_outq_len(client.handle) > 0 { client.poll(withinMs: min(50, withinMs)) }
        return Int(rd_kafka_outq_len(client.handle))
    }

    /// How long a full queue is waited for, in milliseconds.
    private static let patienceMs: Int64 = 1_000
    /// How often it is looked whether waiting makes sense, in milliseconds.
    private static let sliceMs: Int64 = 200
    /// What librdkafka remembers of a topic for minutes, though it may be granted or created meanwhile.
    private static let lasting: [KafkaError.Code] = [.notAuthorised, .unknownTopic]

    private static func makeClient(
        _ settings: KafkaSettings, _ log: ((KafkaLogLine) -> Void)?
    ) throws(KafkaError) -> KafkaClient {
        let configuration = try KafkaConfigurationHandle(settings, log: log)
        try configuration.set("enable.idempotence", "true")
        try configuration.set("acks", "all")
        try configuration.set("compression.type", "lz4")
        // Kafka's own clients place a key so; librdkafka's default would place it elsewhere.
        try configuration.set("partitioner", "murmur2_random")
        try configuration.set("queue.buffering.max.messages", "\(max(1, settings.maximumQueuedRecords))")
        try configuration.set("queue.buffering.max.kbytes", "\(max(1, settings.maximumQueuedBytes >> 10))")
        // How long a topic that does not exist yet is waited for.
        try configuration.set("topic.metadata.propagation.max.ms", "3000")
        return try configuration.makeClient(RD_KAFKA_PRODUCER)
    }

    private func queue(_ record: ProducerRecord) throws(KafkaError) {
        guard !record.topic.isEmpty, !record.topic.utf8.contains(0) else {
            throw KafkaError(.configuration, "a Kafka topic's name must hold something, and no NUL character")
        }
        if isOutdated { try replaceClient() }
        let end = Self.nowMs + Self.patienceMs
        while true {
            let response = try record.produce(with: client.handle)
            if response == RD_KAFKA_RESP_ERR_NO_ERROR { return }
            guard response == RD_KAFKA_RESP_ERR__QUEUE_FULL, deliveredWhenFull != client.callbacks.tally.delivered
            else {
                throw client.error(response, topic: record.topic)
            }
            client.poll(withinMs: 50)
            if Self.nowMs >= end { deliveredWhenFull = client.callbacks.tally.delivered }
        }
    }

    /// Counts what is left as undelivered.
    private func giveUp() {
        // A thread that looks up a broker's name would be waited for.
        client.callbacks.names.giveUp()
        rd_kafka_purge(client.handle, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT)
        client.callbacks.names.goOn()
        _ = waitForDeliveries(withinMs: Self.patienceMs)
    }

    /// Another client instead of one that holds on to a refusal. Nothing waits in it.
    private func replaceClient() throws(KafkaError) {
        let tally = client.callbacks.tally
        client = try Self.makeClient(settings, log)
        client.callbacks.tally = tally
        isOutdated = false
    }

    private static var nowMs: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }
}
