import Testing

@testable import Producers

@Suite struct MadeMinutesTests {
    private let noon = Minute(startMs: ManualClock.noonMs)

    private func minute(secondsLater seconds: Int64) -> Minute { Minute(startMs: noon.startMs + seconds * 1_000) }

    @Test func everyMinuteKeepsItsOwnProgress() {
        var minutes = MadeMinutes()
        minutes.note(noon, madeMs: noon.startMs + 55_000)
        minutes.note(minute(secondsLater: 60), madeMs: noon.startMs + 70_000)
        minutes.note(noon, madeMs: noon.startMs + 5_000)
        #expect(minutes.madeMs(of: noon) == noon.startMs + 55_000)
        #expect(minutes.madeMs(of: minute(secondsLater: 60)) == noon.startMs + 70_000)
        #expect(minutes.madeMs(of: minute(secondsLater: 120)) == .min)
    }

    @Test(arguments: [(-60, false), (-59, true), (0, true), (59, true), (60, false)])
    func aMinuteThatOverlapsCounts(_ seconds: Int64, _ counts: Bool) {
        var minutes = MadeMinutes()
        minutes.note(noon, madeMs: noon.startMs + 20_000)
        #expect((minutes.madeMs(of: minute(secondsLater: seconds)) != .min) == counts)
    }

    @Test func theMinuteNotedFirstIsForgottenFirst() {
        var minutes = MadeMinutes()
        for number in 0...Int64(MadeMinutes.most) {
            minutes.note(minute(secondsLater: number * 60), madeMs: noon.startMs)
        }
        #expect(minutes.madeMs(of: noon) == .min)
        #expect(minutes.madeMs(of: minute(secondsLater: 60)) == noon.startMs)
    }
}
