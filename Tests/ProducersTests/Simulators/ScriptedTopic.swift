import Kafka

@testable import Producers

/// A cluster that takes everything, unless it is full.
final class ScriptedTopic: RecordSink {
    /// What it has taken.
    private(set) var records: [ProducerRecord] = []
    /// How often it was flushed.
    private(set) var flushes = 0
    /// Whether no record finds room.
    var isFull = false
    private var report = DeliveryReport()

    func send(_ record: ProducerRecord) throws(KafkaError) {
        guard isFull else {
            records.append(record)
            report.delivered += 1
            return
        }
        let error = KafkaError(.queueFull, "the queue is full")
        report.undelivered += 1
        report.failures[error.code, default: DeliveryReport.Failure(error: error, count: 0)].count += 1
        throw error
    }

    func flush(withinMs: Int64) -> DeliveryReport {
        flushes += 1
        defer { report = DeliveryReport() }
        return report
    }
}
