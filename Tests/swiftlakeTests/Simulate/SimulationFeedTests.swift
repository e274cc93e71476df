import Producers
import Simulation
import Testing

@testable import swiftlake

@Suite struct SimulationFeedTests {
    /// A target that takes everything.
    private final class Target: RecordTarget {
        let name = "the target"
        func put(_ records: [SimulatedRecord], beforeMs: Int64) -> PutReport { PutReport(put: records.count) }
    }

    private static let startMs: Int64 = 1_767_607_200_000
    private static let nowMs: Int64 = 1_795_176_000_000

    private func feed(
        rate: Int = 10, milliseconds: Int64? = nil, count: Int? = nil, isFast: Bool = false, anomalyRate: UInt64 = 0
    ) -> SimulationFeed {
        let readings = SensorReadings(
            seed: 1, devices: 4, pace: Pace(startMs: 0, perSecond: rate), badRecordRate: 0, anomalyRate: anomalyRate)
        return SimulationFeed(
            readings.stream, Target(), startMs: Self.startMs, nowMs: Self.nowMs, milliseconds: milliseconds,
            count: count,
            isFast: isFast)
    }

    @Test func recordsComeAsTheirTimeComesFromTheStartOn() {
        var feed = feed()
        let batches = [0, 50, 1_000].map { feed.batch(nowMs: Self.nowMs + $0).map(\.timeMs) }
        #expect(batches == [[Self.startMs], [], (1...10).map { Self.startMs + $0 * 100 }])
        #expect(feed.waitMs(Self.nowMs + 1_050) == 100)
        #expect(!feed.isOver)
    }

    @Test func timeThatWasMissedIsMadeUpForInParts() {
        var feed = feed(rate: 1_000)
        var counts: [Int] = []
        while case let batch = feed.batch(nowMs: Self.nowMs + 4_499), !batch.isEmpty { counts.append(batch.count) }
        #expect(counts == [2_000, 2_000, 500])
    }

    @Test func secondsEndItWithTheRatesCount() {
        var feed = feed(rate: 7, milliseconds: 3_000, isFast: true)
        let batch = feed.batch(nowMs: Self.nowMs)
        #expect(batch.count == 21)
        #expect(feed.isOver && feed.waitMs(Self.nowMs) == 0)
    }

    @Test func aCountEndsItAndSilentDevicesDoNotCount() {
        var feed = feed(rate: 100, count: 1_500, isFast: true, anomalyRate: 200)
        let batches = (0..<2).map { _ in feed.batch(nowMs: Self.nowMs).count }
        #expect(batches == [1_500, 0] && feed.isOver)
    }

    @Test func whicheverComesFirstEndsIt() {
        var bySeconds = feed(rate: 10, milliseconds: 1_000, count: 50, isFast: true)
        let ofSecond = bySeconds.batch(nowMs: Self.nowMs)
        #expect(ofSecond.count == 10)
        var byCount = feed(rate: 10, milliseconds: 100_000, count: 50, isFast: true)
        let counted = byCount.batch(nowMs: Self.nowMs)
        #expect(counted.count == 50)
    }

    @Test(arguments: [
        ["--rate", "0"], ["--rate", "1000001"], ["--seconds", "0"], ["--count", "0"], ["--fast"], ["--topic", "t"],
        ["--bad-every", "-1"], ["--start", "yesterday"], ["--start", "1969-12-31T23:59:59Z"],
        ["--kafka", "h:1", "--kinesis", "s"],
    ])
    func faultyOptionsAreRefused(_ arguments: [String]) {
        #expect(throws: (any Error).self) { _ = try SimulationArguments.parse(arguments) }
    }

    @Test func goodOptionsAreTaken() throws {
        let arguments = try SimulationArguments.parse([
            "--rate", "5", "--fast", "--count", "3", "--start", "2026-01-05T10:00:00Z",
        ])
        #expect(arguments.rate == 5 && arguments.start.flatMap(SimulationArguments.milliseconds) == Self.startMs)
        #expect(try SimulateCommand.Sensors.parse([]).devices == 12)
        #expect(throws: (any Error).self) { _ = try SimulateCommand.Sensors.parse(["--devices", "0"]) }
    }
}
