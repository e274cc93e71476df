package import HTTPTransport
internal import Kafka
public import Simulation

/// A Kafka topic that records are put into.
public final class TopicTarget: RecordTarget {
    /// The topic.
    public let topic: String
    private let delivery: RecordDelivery
    private let deadline: RequestDeadline

    /// A topic of the cluster that this way leads to.
    /// - Parameter deadline: of the services that the way is opened with, as for its password; it is set at every call.
    package init(_ topic: String, _ delivery: RecordDelivery, deadline: RequestDeadline) {
        self.topic = topic
        self.delivery = delivery
        self.deadline = deadline
    }

    /// What it is, for people.
    public var name: String { "Kafka topic \(topic)" }

    /// Puts records and waits for all acknowledgements. What has none in time is given up, though the cluster may have it.
    public func put(_ records: [SimulatedRecord], beforeMs: Int64) -> PutReport {
        guard !records.isEmpty else { return PutReport() }
        deadline.milliseconds = beforeMs
        let report: DeliveryReport
        do {
            report = try delivery.deliver(
                records.lazy.map { ProducerRecord(topic: self.topic, key: Array($0.key.utf8), value: $0.value) },
                untilMs: beforeMs)
        } catch {
            return PutReport(failed: records.count, reason: "\(error)")
        }
        let reason = report.failures.values.max { $0.count < $1.count }?.error
        return PutReport(
            put: report.delivered, failed: records.count - report.delivered, reason: reason.map { "\($0)" })
    }
}
