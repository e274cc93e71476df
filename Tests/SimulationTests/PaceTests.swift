import Testing

@testable import Simulation

@Suite struct PaceTests {
    @Test(arguments: [1, 3, 7, 12, 200, 333, 9_999, 1_000_000])
    func eachSecondHasAsManyRecordsAsTheRateSays(_ rate: Int) {
        let pace = Pace(startMs: 1_767_571_200_500, perSecond: rate)
        for second in [0, 1, 59, 86_400, 31_536_000] {
            let startMs = 1_767_571_200_500 + Int64(second) * 1000
            let indices = pace.indices(fromMs: startMs, beforeMs: startMs + 1000)
            #expect(indices == second * rate..<(second + 1) * rate)
        }
    }

    @Test(arguments: [1, 3, 7, 60, 200, 9_999])
    func aMinutesRecordsFollowFromTheMinuteAndTheRateAlone(_ rate: Int) {
        let pace = Pace(startMs: 0, perSecond: rate)
        let minuteMs: Int64 = 1_795_000_020_000
        let indices = pace.indices(fromMs: minuteMs, beforeMs: minuteMs + 60_000)
        #expect(indices.count == 60 * rate)
        #expect(indices.lowerBound == Int(minuteMs / 1000) * rate)
        #expect(pace.timeMs(indices.lowerBound) == minuteMs)
        #expect(pace.timeMs(indices.upperBound - 1) < minuteMs + 60_000)
    }

    @Test(arguments: [(1, 833_000), (1, 5_000_000), (3, 1_000_000), (7, 60_000_000), (1_000_000, 999_999)])
    func theFirstRecordAtATimeIsTheFirstThatIsNotBeforeIt(_ records: Int64, _ periodUs: Int64) {
        let pace = Pace(startMs: 1_000, records: records, periodUs: periodUs)
        for timeMs: Int64 in [-70_001, 0, 999, 1_000, 1_001, 2_000, 86_401_000, 4_000_000_000_001] {
            let index = pace.index(atMs: timeMs)
            #expect(pace.timeUs(index) >= timeMs * 1000)
            #expect(pace.timeUs(index - 1) < timeMs * 1000)
        }
    }

    @Test func timesGrowAndNoRoundingAddsUp() {
        let pace = Pace(startMs: 0, perSecond: 3)
        #expect((0..<7).map(pace.timeUs) == [0, 333_333, 666_666, 1_000_000, 1_333_333, 1_666_666, 2_000_000])
        #expect(pace.timeUs(3_000_000_000) == 1_000_000_000_000_000)
    }

    @Test func anEmptySpanHasNoRecords() {
        #expect(Pace(startMs: 0, perSecond: 1).indices(fromMs: 5_000, beforeMs: 1_000).isEmpty)
    }
}
