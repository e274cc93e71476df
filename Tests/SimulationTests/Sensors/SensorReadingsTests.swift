import JSON
import Testing

@testable import Simulation

@Suite struct SensorReadingsTests {
    private func text(_ readings: SensorReadings, _ index: Int) -> String {
        String(decoding: readings.record(index), as: UTF8.self)
    }

    @Test func theSameSeedMakesTheSameReadingsEverywhere() {
        #expect(
            text(SensorReadings(seed: 1), 0) == """
                {"temperature": 14, "cpu": 9.88, "ram": 38.48, "hd": 43.04, "timestamp": "2026-01-05 00:00:00.767383", \
                "timestamp_sent": "2026-01-05 00", "id_device": 1}
                """)
        for index in [0, 1, 7, 4096, 1_000_000] {
            #expect(SensorReadings(seed: 9).record(index) == SensorReadings(seed: 9).record(index))
        }
    }

    @Test func anotherSeedMakesOtherReadingsAtTheSameTimes() throws {
        let (one, two) = (SensorReadings(seed: 1), SensorReadings(seed: 2))
        #expect((0..<100).count { one.record($0) == two.record($0) } == 0)
        let index = try #require((0..<100).first { !one.isBad($0) && !two.isBad($0) })
        let times = try [one, two].map { try JSONValue(parsing: $0.record(index))["timestamp"]?.string?.prefix(19) }
        #expect(times[0] == times[1])
    }

    @Test func goodReadingsHaveEveryColumnInItsRange() throws {
        let readings = SensorReadings(seed: 3)
        for index in 0..<5000 where !readings.isBad(index) {
            let value = try JSONValue(parsing: readings.record(index))
            #expect(
                value.members?.map(\.name) == [
                    "temperature", "cpu", "ram", "hd", "timestamp", "timestamp_sent", "id_device",
                ])
            let temperature = try #require(value["temperature"]?.integer)
            #expect(-20...60 ~= temperature)
            for name in ["cpu", "ram", "hd"] { #expect(0...100 ~= (try #require(value[name]?.double))) }
            let timestamp = try #require(value["timestamp"]?.string)
            #expect(timestamp.count == 26)
            #expect(value["timestamp_sent"]?.string == String(timestamp.prefix(13)))
            #expect(value["id_device"]?.integer == Int64(index % 12 + 1))
        }
    }

    @Test func aFewRecordsAreBadInEveryWay() {
        let readings = SensorReadings(seed: 1)
        let bad = (0..<20_000).filter(readings.isBad)
        #expect(10...60 ~= bad.count)
        let texts = bad.map { text(readings, $0) }
        #expect(texts.contains { !$0.hasSuffix("}") && $0.hasPrefix("{") })
        #expect(texts.contains { $0.hasPrefix("sensor ") })
        #expect(texts.contains { $0.contains("\"hot\"") })
        #expect(texts.contains { $0.contains("99999999999}") })
        #expect(texts.contains { $0.contains("\"timestamp_sent\": \"26-") })
    }

    @Test func twentyThousandReadingsTakeAFewHours() {
        let readings = SensorReadings(seed: 1)
        #expect(readings.arrivalMs(20_000) - readings.arrivalMs(0) == 16_660_000)
    }

    @Test(arguments: [(1, 1), (12, 12), (200, 100), (5_000, 7), (1_000, 100_000)])
    func aDevicesTimesGrowWhateverTheRate(_ rate: Int, _ devices: Int) {
        let readings = SensorReadings(
            seed: 6, devices: devices, pace: Pace(startMs: 1_795_000_000_000, perSecond: rate), badRecordRate: 0)
        var last: [Int: Int64] = [:]
        for index in 0..<max(3 * devices, 5_000) {
            let timeUs = readings.timestampUs(index)
            #expect(timeUs > last[readings.device(index)] ?? 0)
            // A fraction of its own may carry a reading up to a second ahead.
            #expect(abs(timeUs - readings.pace.timeUs(index)) < 1_000_000)
            last[readings.device(index)] = timeUs
        }
        #expect(last.count == devices)
        #expect((1...devices).contains(last.keys.min() ?? 0))
    }

    @Test func thousandsOfDevicesStayInTheColumnsRanges() throws {
        let readings = SensorReadings(
            seed: 2, devices: 50_000, pace: Pace(startMs: 0, perSecond: 100), badRecordRate: 0)
        for index in stride(from: 179_500_000_000, to: 179_500_200_000, by: 97) {
            let value = try JSONValue(parsing: readings.record(index))
            for name in ["cpu", "ram", "hd"] { #expect((0...99.99).contains(try #require(value[name]?.double))) }
            #expect(value["id_device"]?.integer == Int64(index % 50_000 + 1))
        }
    }

    @Test func whatIsSentCarriesItsDevice() {
        let record = SensorReadings(seed: 1).stream.record(13)
        #expect(record?.key == "device-2" && record?.value == SensorReadings(seed: 1).record(13))
        #expect(record?.timeMs == 1_767_571_210_829)
    }
}
