import JSON
import LambdaRuntime
import Testing

@testable import Producers

@Suite struct MinuteTests {
    private let noon = ManualClock.noonMs

    private func event(_ text: String, at nowMs: Int64 = ManualClock.noonMs) throws -> MinuteEvent {
        try MinuteEvent(JSONEvent(EventBuffer(Array(text.utf8))), options: ["rate"], nowMs: nowMs)
    }

    @Test func scheduledRunHasTheMinuteFromItsTimeOnHoweverLateItComes() {
        for late in [-5_000, 0, 1, 59_999, 60_000, 3_600_000, 86_400_000] as [Int64] {
            #expect(Minute(scheduledMs: noon + 40_000, nowMs: noon + 40_000 + late).startMs == noon + 40_000)
        }
    }

    @Test(arguments: [nil, -1_000_000, 1_795_176_050_001, .max, .min, 1_795_176_045_000 - 86_400_001] as [Int64?])
    func otherRunsHaveTheMinuteOfTheClock(_ scheduledMs: Int64?) {
        #expect(Minute(scheduledMs: scheduledMs, nowMs: noon + 45_000) == Minute(startMs: noon))
    }

    @Test func minutesOfFollowingRunsNeitherOverlapNorLeaveGaps() {
        var random = SystemRandomNumberGenerator()
        var last: Minute?
        for run in 0..<1_000 {
            let scheduled = noon + 17_123 + Int64(run) * 60_000
            let minute = Minute(scheduledMs: scheduled, nowMs: scheduled + .random(in: 0...60_000, using: &random))
            if let last { #expect(last.endMs == minute.startMs) }
            last = minute
        }
    }

    @Test(arguments: [
        #"{"scheduledTime":"2026-11-20T11:59:30Z"}"#,
        #"{"version":"0","id":"e","detail-type":"Scheduled Event","source":"aws.scheduler","time":"2026-11-20T11:59:30Z","detail":"{}"}"#,
        #"{"id":"e","detail-type":"Scheduled Event","source":"aws.events","time":"2026-11-20T12:59:30+01:00","detail":{}}"#,
    ])
    func schedulesTellTheTime(_ text: String) throws {
        #expect(try event(text).minute.startMs == noon - 30_000)
        #expect(try event(text).limit == .max)
    }

    @Test func eventsWithoutATimeHaveTheMinuteOfTheClock() throws {
        for text in ["{}", #"{"scheduledTime":null}"#, #"{"source":"s","detail-type":"d","time":7}"#] {
            #expect(try event(text, at: noon + 59_999).minute.startMs == noon)
        }
        #expect(try event(#"{"executionId":"e-1","steps":3,"rate":5}"#).executionID == "e-1")
        #expect(try event(#"{"steps":3}"#).limit == 3)
        #expect(try event(#"{"rate":5}"#).input.number("rate", in: 1...9) == 5)
    }

    @Test(arguments: [
        ("[]", ""), ("null", ""), (#"{"other":1}"#, "other"), (#"{"steps":0}"#, "steps"), (#"{"steps":1.5}"#, "steps"),
        (#"{"scheduledTime":"<aws.scheduler.scheduled-time>"}"#, "scheduledTime"),
        (#"{"scheduledTime":"12:00"}"#, "scheduledTime"), (#"{"scheduledTime":7}"#, "scheduledTime"),
        (#"{"scheduledTime":"9999-99-99T00:00:00Z"}"#, "scheduledTime"), (#"{"executionId":7}"#, "executionId"),
    ])
    func refusesWhatIsNoSuchEvent(_ text: String, _ field: String) {
        let error = #expect(throws: EventError.self) { try event(text) }
        #expect(error?.path == field, "\(error as Any)")
    }
}
