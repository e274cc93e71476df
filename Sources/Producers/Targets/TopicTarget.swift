public import Kafka
public import LambdaRuntime
public import Simulation

/// A Kafka topic that records are put into. The connection is made with the first record, and kept.
public final class TopicTarget: RecordTarget {
    /// The topic.
    public let topic: String
    private let clock: WallClock
    private let log: ((KafkaLogLine) -> Void)?
    private let settings: () throws -> KafkaSettings
    private var producer: KafkaProducer?

    /// How long one batch may take where there is no deadline, in milliseconds.
    private static let longestMs: Int64 = 600_000

    /// A topic.
    /// - Parameters:
    ///   - settings: how the cluster is reached: asked when the connection is made, and made anew because the cluster did not
    ///     believe who we are.
    ///   - log: takes librdkafka's logs.
    public init(
        _ topic: String, clock: WallClock = .system, log: ((KafkaLogLine) -> Void)? = nil,
        settings: @escaping () throws -> KafkaSettings
    ) {
        self.topic = topic
        self.clock = clock
        self.log = log
        self.settings = settings
    }

    /// What it is, for people.
    public var name: String { "Kafka topic \(topic)" }

    /// Puts records and waits for all acknowledgements. What has none in time is given up, though the cluster may have it.
    public func put(_ records: [SimulatedRecord], beforeMs: Int64) -> PutReport {
        guard !records.isEmpty else { return PutReport() }
        let producer: KafkaProducer
        do {
            producer = try connection()
        } catch {
            return PutReport(failed: records.count, reason: "\(error)")
        }
        var reason: KafkaError?
        for record in records {
            do throws(KafkaError) {
                try producer.send(ProducerRecord(topic: topic, key: Array(record.key.utf8), value: record.value))
            } catch {
                reason = error
                // Every further record would wait for room as long.
                if error.code == .queueFull { break }
            }
        }
        let (left, overflows) = beforeMs.subtractingReportingOverflow(clock.milliseconds)
        let delivery = producer.flush(withinMs: overflows ? Self.longestMs : min(max(0, left), Self.longestMs))
        if delivery.failures[.authenticationFailed] != nil { self.producer = nil }
        let cause = delivery.failures.values.max { $0.count < $1.count }?.error ?? reason
        return PutReport(
            put: delivery.delivered, failed: records.count - delivery.delivered, reason: cause.map { "\($0)" })
    }

    private func connection() throws -> KafkaProducer {
        if let producer { return producer }
        let made = try KafkaProducer(try settings(), log: log)
        producer = made
        return made
    }
}
