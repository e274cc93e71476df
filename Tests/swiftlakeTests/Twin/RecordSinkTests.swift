import Kafka
import Producers
import Simulation
import Testing

@testable import swiftlake

@Suite struct RecordSinkTests {
    /// A cluster that refuses records without a payload.
    private final class Cluster: Producers.RecordSink {
        private var report = DeliveryReport()

        func send(_ record: ProducerRecord) throws(KafkaError) {
            guard record.value.isEmpty else {
                report.delivered += 1
                return
            }
            let error = KafkaError(.refused, "it is empty")
            report.undelivered += 1
            report.failures[error.code, default: DeliveryReport.Failure(error: error, count: 0)].count += 1
            throw error
        }

        func flush(withinMs: Int64) -> DeliveryReport {
            defer { report = DeliveryReport() }
            return report
        }
    }

    @Test func aTopicTakesWhatComesBehindABadRecordAndSaysWhatItRefused() {
        let sink = KafkaSink(producer: Cluster(), topic: "t")
        let records = [[1], [], [2]].map { SimulatedRecord(key: "k", value: $0, timeMs: 0) }
        let report = sink.put(records)
        #expect(report.put == 2)
        #expect(report.failure as? KafkaError == KafkaError(.refused, "it is empty"))
        // What was refused once is not said again.
        let next = sink.put([records[0]])
        #expect(next.put == 1 && next.failure == nil)
    }

    @Test func theFirstErrorOfAStreamIsSaidThoughOthersAreIn() {
        let first = KafkaError(.refused, "first")
        let report = SinkReport([Result.success(1), .failure(first), .failure(KafkaError(.refused, "second"))])
        #expect(report.put == 1 && report.failure as? KafkaError == first)
        #expect(SinkReport([Result<Int, KafkaError>.success(1)]).failure == nil)
    }
}
