internal import AWS
internal import EventSources
internal import Kafka
internal import Simulation

/// Where a simulator's records go. One thread uses it.
protocol RecordSink {
    /// Puts records, in their order.
    /// - Returns: how many are in.
    func put(_ records: [SimulatedRecord]) throws -> Int
}

/// A stream of this machine.
struct LocalSink: RecordSink {
    let stream: LocalStream

    func put(_ records: [SimulatedRecord]) throws -> Int {
        try stream.append(
            records.map {
                LocalStream.NewRecord(key: Array($0.key.utf8), value: $0.value, timestampMs: $0.timeMs)
            }
        ).count
    }
}

/// A topic of a cluster.
struct KafkaSink: RecordSink {
    let producer: KafkaProducer
    let topic: String

    private static let flushMs: Int64 = 10_000

    func put(_ records: [SimulatedRecord]) throws -> Int {
        for record in records {
            try producer.send(
                ProducerRecord(
                    topic: topic, key: Array(record.key.utf8), value: record.value, timestampMs: record.timeMs))
        }
        let report = producer.flush(withinMs: Self.flushMs)
        if let failure = report.failures.values.first, report.delivered == 0 { throw failure.error }
        return report.delivered
    }
}

/// A stream of the service.
struct KinesisSink: RecordSink {
    let kinesis: Kinesis
    let stream: String

    func put(_ records: [SimulatedRecord]) throws -> Int {
        let results = kinesis.put(records.map { Kinesis.Record($0.value, partitionKey: $0.key) }, into: stream)
        let count = results.count { (try? $0.get()) != nil }
        if count == 0, case .failure(let error)? = results.first { throw error }
        return count
    }
}
