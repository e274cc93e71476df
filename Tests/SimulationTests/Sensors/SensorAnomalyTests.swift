import JSON
import Testing

@testable import Simulation

@Suite struct SensorAnomalyTests {
    private let readings = SensorReadings(seed: 5, badRecordRate: 50, anomalyRate: 200)
    private static let count = 120_000

    private func value(_ index: Int) throws -> JSONValue { try JSONValue(parsing: readings.record(index)) }

    @Test func withoutARateNothingIsUnusualAndEveryoneReports() {
        let usual = SensorReadings(seed: 5, badRecordRate: 50)
        #expect((0..<20_000).allSatisfy { usual.anomaly($0) == nil && !usual.isSilent($0) })
    }

    @Test func everythingButTheAnomaliesIsAsWithoutThem() {
        let usual = SensorReadings(seed: 5, badRecordRate: 50)
        for index in 0..<5_000 {
            let isUsual = [nil, .silence].contains(readings.anomaly(index))
            #expect((readings.record(index) == usual.record(index)) == isUsual)
        }
    }

    @Test func anomaliesAreOfEveryKindAboutAsOftenAsTheRateSays() {
        var counts: [SensorAnomaly: Int] = [:]
        var silences = 0
        for index in 0..<Self.count {
            guard let anomaly = readings.anomaly(index) else { continue }
            counts[anomaly, default: 0] += 1
            if anomaly == .silence, !readings.isSilent(index - readings.devices) { silences += 1 }
        }
        // One anomaly in 200 readings, one in five of them of each kind.
        for kind in SensorAnomaly.allCases where kind != .silence {
            #expect((90...150).contains(counts[kind] ?? 0), "\(kind)")
        }
        #expect((60...180).contains(silences))
    }

    @Test func eachKindShowsWhatItSays() throws {
        for index in 0..<Self.count {
            guard let anomaly = readings.anomaly(index), anomaly != .silence else { continue }
            #expect(!readings.isBad(index))
            let value = try value(index)
            let temperature = try #require(value["temperature"]?.integer)
            switch anomaly {
            case .heat: #expect((75...90).contains(temperature))
            case .fullDisk: #expect((98...100).contains(try #require(value["hd"]?.double)))
            case .jump: #expect((37...59).contains(temperature))
            case .load: #expect((350...450).contains(try #require(value["cpu"]?.double)))
            case .silence: break
            }
        }
    }

    @Test func aJumpIsFarFromTheReadingsAroundIt() throws {
        var jumps = 0
        for index in 0..<20_000 where readings.anomaly(index) == .jump {
            for other in [index - 12, index + 12] where readings.anomaly(other) == nil && !readings.isBad(other) {
                let change =
                    try #require(value(index)["temperature"]?.integer) - #require(value(other)["temperature"]?.integer)
                #expect(change > 25)
                jumps += 1
            }
        }
        #expect(jumps > 10)
    }

    @Test func silencesLieApartAndTakeTheirTime() {
        var lengths = Set<Int>()
        for device in 0..<readings.devices {
            var run = 0
            var gap: Int?
            for turn in 0..<Self.count / readings.devices {
                if readings.isSilent(turn * readings.devices + device) {
                    if run == 0 { #expect(gap ?? readings.silentTurns >= readings.silentTurns) }
                    run += 1
                } else {
                    if run > 0 { lengths.insert(run) }
                    gap = run > 0 ? 1 : (gap ?? 0) + 1
                    run = 0
                }
            }
        }
        // 15 minutes of a reading each 9.996 seconds.
        #expect(lengths == [91])
    }

    @Test func aSilentDevicesReadingsAreNotSent() throws {
        let silent = try #require((0..<Self.count).first(where: readings.isSilent))
        #expect(readings.stream.record(silent) == nil)
        #expect(readings.anomaly(silent) == .silence)
        #expect(readings.stream.record(silent - readings.devices) != nil)
    }

    @Test(arguments: [1, 2, 5, 1_000_000])
    func anyRateLeavesTimeToReport(_ rate: UInt64) {
        let readings = SensorReadings(seed: 3, devices: 4, anomalyRate: rate)
        let count = (0..<20_000).count { readings.isSilent($0) }
        #expect(count < 8_000)
        #expect((0..<readings.silentTurns * 4).allSatisfy { !readings.isSilent($0) })
    }
}
