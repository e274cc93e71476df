import Columnar
import Foundation
@testable import Lake
import Simulation
import Testing

/// How well the rules of lake.json find the anomalies that generated readings show on purpose: no lake and no clock, only
/// the rules and what they are given.
@Suite("Quality of detection")
struct DetectionQualityTests {
    /// What a run over readings came to.
    private struct Outcome {
        /// Anomalies by kind: shown, found, and those that came within the cool-down of one that was found.
        var shown: [SensorAnomaly: Int] = [:]
        var found: [SensorAnomaly: Int] = [:]
        var merged: [SensorAnomaly: Int] = [:]
        var alerts = 0
        var rightAlerts = 0

        var precision: Double { Double(rightAlerts) / Double(alerts) }
        func recall(_ kind: SensorAnomaly) -> Double {
            Double(found[kind, default: 0]) / Double(shown[kind, default: 0] - merged[kind, default: 0])
        }
    }

    private static let rules: [SensorAnomaly: String] = [
        .heat: "too-hot", .fullDisk: "disk-full", .jump: "temperature-jump", .load: "unusual-cpu",
    ]

    @Test("nine in ten anomalies are found, and no usual reading is told of", arguments: [1, 2] as [UInt64])
    func quality(seed: UInt64) throws {
        let outcome = try run(SensorReadings(seed: seed, anomalyRate: 400), count: 40_000)
        for kind in SensorAnomaly.allCases {
            print(
                "seed \(seed), \(kind): \(outcome.shown[kind, default: 0]) shown, \(outcome.merged[kind, default: 0]) within a "
                    + "cool-down, \(outcome.found[kind, default: 0]) found, recall \(outcome.recall(kind))")
            #expect(outcome.shown[kind, default: 0] >= 10)
            #expect(outcome.recall(kind) >= 0.9)
        }
        print(
            "seed \(seed): \(outcome.rightAlerts) of \(outcome.alerts) alerts are right, precision \(outcome.precision)"
        )
        #expect(outcome.precision >= 0.98)
    }

    @Test("readings without anomalies are told of hardly ever")
    func quiet() throws {
        let outcome = try run(SensorReadings(seed: 3), count: 40_000)
        print("without anomalies: \(outcome.alerts) alerts in 40,000 readings")
        #expect(outcome.alerts <= 4)
    }

    private func run(_ readings: SensorReadings, count: Int) throws -> Outcome {
        let definition = try LakeDefinition(parsing: Array(Data(contentsOf: Self.lakeJSON)))
        let stream = try #require(definition.streams.first { $0.name == SensorReadings.streamName })
        let alerts = try #require(stream.alerts)
        let rules = AlertRules(alerts)
        let columns = try ReadingColumns(rules, alerts, of: try #require(definition.table(stream.table)))
        var decoder = RecordDecoder(columns.decodings)
        let row = RecordBatch(columns.decodings.map(\.field), capacity: 1)
        var detector = AnomalyDetector(rules)
        var silences = SilenceDetector(rules)
        var reading = columns.empty
        var outcome = Outcome()
        /// The devices that are silent now, and whether that was told.
        var silent: [Int: Bool] = [:]
        for index in 0..<count {
            let device = readings.device(index)
            if index % 72 == 0 {
                let seen = detector.keys.mapValues { SilenceDetector.Seen(arrivalMs: $0.arrivalMs, shard: "") }
                for finding in silences.find(among: seen, nowMs: readings.arrivalMs(index)) {
                    outcome.alerts += 1
                    guard let key = Int(finding.key), silent[key] != nil else { continue }
                    outcome.rightAlerts += 1
                    silent[key] = true
                }
            }
            if readings.isSilent(index) {
                if silent[device] == nil { silent[device] = false }
                continue
            }
            if let isTold = silent.removeValue(forKey: device) {
                outcome.shown[.silence, default: 0] += 1
                outcome.found[.silence, default: 0] += isTold ? 1 : 0
            }
            row.truncate(to: 0)
            let bytes = readings.record(index)
            guard (try? decoder.decode(json: bytes.span.bytes, into: row)) != nil else { continue }
            let isKeyed = columns.fill(&reading, from: row, row: 0, arrivalMs: readings.arrivalMs(index))
            #expect(isKeyed)
            let anomaly = readings.anomaly(index)
            let found = detector.take(reading)
            outcome.alerts += found.count
            guard let anomaly, let rule = Self.rules[anomaly] else { continue }
            outcome.rightAlerts += found.count
            outcome.shown[anomaly, default: 0] += 1
            if found.contains(where: { rules.reading[$0.rule].rule.name == rule }) {
                outcome.found[anomaly, default: 0] += 1
            } else if let state = detector.keys[reading.key],
                let place = rules.reading.firstIndex(where: { $0.rule.name == rule }),
                let alertedUs = state.rules[place].alertedUs, reading.timeUs - alertedUs < rules.cooldownUs
            {
                outcome.merged[anomaly, default: 0] += 1
            }
        }
        return outcome
    }

    private static let lakeJSON = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "lake.json")
}
