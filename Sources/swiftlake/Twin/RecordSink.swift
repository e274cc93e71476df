internal import AWS
internal import EventSources
internal import Kafka
internal import Producers
internal import Simulation

/// Where a simulator's records go. One thread uses it.
protocol RecordSink {
    /// Puts records, in their order.
    /// - Returns: how many are in, and why others are not.
    func put(_ records: [SimulatedRecord]) throws -> SinkReport
}

/// What became of records that were put into a sink.
struct SinkReport {
    /// How many are in.
    var put: Int
    /// Why others are not; nil if all are in.
    var failure: (any Error)?
}

extension SinkReport {
    /// What became of records, each by its result.
    init(_ results: [Result<some Any, some Error>]) {
        put = 0
        for result in results {
            switch result {
            case .success: put += 1
            // The first error tells the cause: those behind it may be records that were not sent because of it.
            case .failure(let error): failure = failure ?? error
            }
        }
    }
}

/// A stream of this machine.
struct LocalSink: RecordSink {
    let stream: LocalStream

    func put(_ records: [SimulatedRecord]) throws -> SinkReport {
        let appended = try stream.append(
            records.map {
                LocalStream.NewRecord(key: Array($0.key.utf8), value: $0.value, timestampMs: $0.timeMs)
            })
        return SinkReport(put: appended.count)
    }
}

/// A topic of a cluster.
struct KafkaSink: RecordSink {
    let producer: any Producers.RecordSink
    let topic: String

    private static let flushMs: Int64 = 10_000

    func put(_ records: [SimulatedRecord]) -> SinkReport {
        for record in records {
            let record = ProducerRecord(
                topic: topic, key: Array(record.key.utf8), value: record.value, timestampMs: record.timeMs)
            // One that cannot be sent is in the report, and the others go on.
            do throws(KafkaError) { try producer.send(record) } catch { continue }
        }
        let report = producer.flush(withinMs: Self.flushMs)
        return SinkReport(put: report.delivered, failure: report.failures.values.max { $0.count < $1.count }?.error)
    }
}

/// A stream of the service.
struct KinesisSink: RecordSink {
    let kinesis: Kinesis
    let stream: String

    func put(_ records: [SimulatedRecord]) -> SinkReport {
        SinkReport(kinesis.put(records.map { Kinesis.Record($0.value, partitionKey: $0.key) }, into: stream))
    }
}
