import JSON
import LambdaRuntime
import Synchronization
import Testing

@testable import Lake

/// The lines of metrics that functions write.
private final class MetricLines: Sendable {
    private let lines = Mutex<[String]>([])

    var metrics: Metrics {
        Metrics(
            namespace: "test",
            writer: LineWriter { [self] line in lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) } })
    }

    /// The metrics that have a table as dimension: its name, and the values.
    var freshness: [String: [Double]] {
        get throws {
            var found: [String: [Double]] = [:]
            for line in lines.withLock({ $0 }) {
                let value = try JSONValue(parsing: Array(line.utf8))
                guard let number = value["Freshness"] else { continue }
                #expect(line.contains(#""Name":"Freshness","Unit":"Milliseconds""#), "\(line)")
                #expect(line.contains(#""Dimensions":[["Table"]]"#), "\(line)")
                found[value["Table"]?.string ?? "", default: []] += (number.elements ?? [number]).compactMap(\.double)
            }
            return found
        }
    }
}

@Suite struct FreshnessTests {
    private let now = TemporaryLake.nowMs

    private func kinesis(_ lake: TemporaryLake, _ event: [UInt8]) throws -> [String: [Double]] {
        let lines = MetricLines()
        let context = TemporaryLake.context(nowMs: now, metrics: lines.metrics)
        _ = try lake.handler.handle(KinesisEvent(EventBuffer(event)), context)
        context.metrics.flush()
        return try lines.freshness
    }

    private func kafka(_ lake: KafkaLake, _ records: [KafkaSample]) throws -> [String: [Double]] {
        let lines = MetricLines()
        let context = TemporaryLake.context(nowMs: now, metrics: lines.metrics)
        _ = try lake.handler.handle(KafkaEvent(EventBuffer(KafkaLake.event(records))), context)
        context.metrics.flush()
        return try lines.freshness
    }

    @Test func isTheAgeOfTheNewestRecordOfACommit() throws {
        let lake = try TemporaryLake()
        // Records one to three arrive 9,999 to 9,997 ms before the commit.
        let event = TemporaryLake.event(["{\"id\":1}", "{\"id\":2}", "{\"id\":3}"], arrivalMs: now - 10_000)
        #expect(try kinesis(lake, event) == ["sensors_db.readings": [9_997]])
        #expect(try kinesis(lake, event) == [:], "a replay adds no rows")
    }

    @Test func badRecordsAreNoRowsAndSayNothing() throws {
        let lake = try TemporaryLake()
        let event = TemporaryLake.event(["{\"id\":1}", "{\"id\":2}", "no"], arrivalMs: now - 10_000)
        #expect(try kinesis(lake, event) == ["sensors_db.readings": [9_998]])
        #expect(try kinesis(lake, TemporaryLake.event(["no"], first: 9, arrivalMs: now - 10_000)) == [:])
    }

    @Test func isNeverNegative() throws {
        let lake = try TemporaryLake()
        let event = TemporaryLake.event(["{\"id\":1}"], arrivalMs: now + 3_600_000)
        #expect(try kinesis(lake, event) == ["sensors_db.readings": [0]])
    }

    @Test func eachTopicHasItsTable() throws {
        let lake = try KafkaLake()
        let records = [
            KafkaSample.text("{\"id\":1}", at: 1, timestampMs: now - 500),
            KafkaSample.text("{\"id\":2}", at: 1, partition: 1, timestampMs: now - 200),
            KafkaSample.text("{\"id\":3}", at: 1, topic: "orders", timestampMs: now - 60_000),
        ]
        #expect(try kafka(lake, records) == ["sensors_db.trades": [200], "sensors_db.orders": [60_000]])
    }

    @Test func recordsWithoutATimeSayNothing() throws {
        let lake = try KafkaLake()
        var silent = KafkaSample.text("{\"id\":1}", at: 1)
        silent.timestampMs = -1
        silent.timestampType = "NO_TIMESTAMP_TYPE"
        #expect(try kafka(lake, [silent]) == [:])
        let told = KafkaSample.text("{\"id\":3}", at: 3, timestampMs: now - 70)
        silent.offset = 2
        #expect(try kafka(lake, [silent, told]) == ["sensors_db.trades": [70]])
        #expect(try kafka(lake, [KafkaSample.text("{\"id\":4}", at: 4, timestampMs: 0)]) == [:])
        #expect(
            try kafka(lake, [KafkaSample.text("{\"id\":5}", at: 5, timestampMs: .max)]) == ["sensors_db.trades": [0]])
    }

    @Test func tombstonesAreNoRows() throws {
        let lake = try KafkaLake()
        #expect(try kafka(lake, [KafkaSample(offset: 1, timestampMs: now)]) == [:])
    }
}
