import JSON
import LambdaRuntime
import Testing

@testable import Producers

@Suite struct MinuteLoopTests {
    private struct Fault: Error, CustomStringConvertible {
        var description: String { "no luck" }
    }

    private let clock = ManualClock()

    private func loop(_ intervalMs: Int64 = 5_000) -> MinuteLoop {
        let clock = clock
        return MinuteLoop(intervalMs: intervalMs) { clock.sleep($0) }
    }

    private func event(_ text: String = "{}") throws -> MinuteEvent {
        try MinuteEvent(JSONEvent(EventBuffer(Array(text.utf8))), nowMs: clock.nowMs)
    }

    @Test func aStepThatThrowsIsCountedAndTheNextOneComes() throws {
        var numbers: [Int] = []
        let report = loop().run(try event(), clock.context()) { step in
            numbers.append(step.number)
            clock.pass(200)
            if step.number % 3 == 0 { throw Fault() }
        }
        #expect(numbers == Array(0..<12))
        #expect(report.steps == 12 && report.failed == 4 && report.skipped == 0 && !report.isLate)
        #expect(report.lastError == "no luck")
        #expect(clock.waits.allSatisfy { $0 == 4_800 })
        #expect(clock.nowMs < ManualClock.noonMs + 60_000)
    }

    @Test func theSameMinuteDeliveredAgainGoesOnWhereTheFirstRunStopped() throws {
        let loop = loop()
        let text = #"{"scheduledTime":"2026-11-20T12:00:00Z"}"#
        var numbers: [Int] = []
        _ = loop.run(try event(text), clock.context(timeMs: 21_000)) { numbers.append($0.number) }
        #expect(numbers == [0, 1, 2, 3])
        let again = loop.run(try event(text), clock.context()) { numbers.append($0.number) }
        #expect(numbers == Array(0..<12) && again.steps == 8)
        let third = loop.run(try event(text), clock.context()) { _ in numbers.append(99) }
        #expect(third.steps == 0 && numbers.count == 12)
    }

    @Test func aMinuteThatIsOverIsLeftAlone() throws {
        clock.pass(61_000)
        let report = loop().run(
            try event(#"{"scheduledTime":"2026-11-20T12:00:00Z"}"#), clock.context()
        ) { _ in Issue.record("a step of a minute that is over") }
        #expect(report.isLate && report.steps == 0 && clock.waits.isEmpty)
    }

    @Test func runsOfFollowingMinutesShareNoStepAndMissNone() throws {
        let loop = loop()
        var dues: [Int64] = []
        for run in 0..<5 {
            let delivered = ManualClock.noonMs + Int64(run) * 60_000 + 700
            #expect(clock.nowMs < delivered)
            clock.nowMs = delivered
            let report = loop.run(
                try event("{\"scheduledTime\":\"2026-11-20T12:0\(run):00Z\"}"), clock.context()
            ) {
                dues.append($0.dueMs)
                clock.pass(300)
            }
            #expect(report.longestDelayMs == 700)
        }
        #expect(dues == (0..<60).map { ManualClock.noonMs + $0 * 5_000 })
    }

    @Test func aClockThatWasSetBackDoesNotStopTheLoop() throws {
        let loop = loop()
        _ = loop.run(try event(), clock.context()) { _ in }
        clock.nowMs = ManualClock.noonMs - 3_600_000
        #expect(loop.run(try event(), clock.context()) { _ in }.steps == 12)
    }

    @Test func aReportSaysItAllAsJSON() throws {
        var report = MinuteReport(minute: Minute(startMs: 0))
        report.steps = 3
        report.failed = 1
        report.lastError = "a \"quoted\" one"
        var writer = JSONWriter()
        writer.object { report.write(to: &$0) }
        #expect(
            String(decoding: writer.bytes, as: UTF8.self)
                == #"{"steps":3,"failed":1,"skipped":0,"late":false,"lastError":"a \"quoted\" one"}"#)
    }
}
