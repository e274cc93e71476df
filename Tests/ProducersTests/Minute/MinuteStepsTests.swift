import Testing

@testable import Producers

@Suite struct MinuteStepsTests {
    private let noon = ManualClock.noonMs
    private var minute: Minute { Minute(startMs: noon) }

    /// When each step began, from the minute's start, if each takes this long.
    private func starts(_ steps: MinuteSteps, from nowMs: Int64, taking stepMs: (Int) -> Int64 = { _ in 100 })
        -> [Int64]
    {
        var steps = steps
        var now = nowMs
        var starts: [Int64] = []
        while true {
            switch steps.action(nowMs: now) {
            case .wait(let milliseconds):
                #expect(milliseconds > 0)
                now += milliseconds
            case .step(let step):
                #expect(step.dueMs <= now && step.endMs > now && step.endMs <= steps.endMs)
                starts.append(now - noon)
                now += stepMs(step.number)
            case .over: return starts
            }
        }
    }

    private func steps(
        _ intervalMs: Int64 = 5_000, at nowMs: Int64 = 0, deadlineMs: Int64 = .max, served: Int64 = .min,
        limit: Int = .max
    ) -> MinuteSteps {
        MinuteSteps(
            of: minute, intervalMs: intervalMs, servedMs: served == .min ? .min : noon + served, nowMs: noon + nowMs,
            deadlineMs: deadlineMs == .max ? .max : noon + deadlineMs, limit: limit)
    }

    private static let grid = (0..<12).map { Int64($0) * 5_000 }

    @Test func aMinuteHasItsStepsOnTheGridAndEndsBeforeTheNext() {
        #expect(starts(steps(), from: noon) == Self.grid)
        #expect(steps().endMs == noon + 59_500)
    }

    @Test(
        arguments: [
            (1, [1]), (2_500, [2_500]), (2_501, []), (4_999, []), (-3_000, [0]),
        ] as [(Int64, [Int64])])
    func aLateStartDoesTheStepOfNowIfHalfOfItsTimeIsLeft(_ late: Int64, _ first: [Int64]) {
        #expect(starts(steps(at: late), from: noon + late) == first + Self.grid.dropFirst())
    }

    @Test func aVeryLateStartSkipsWhatHasPassed() {
        #expect(starts(steps(at: 41_000), from: noon + 41_000) == [41_000, 45_000, 50_000, 55_000])
        #expect(starts(steps(at: 57_000), from: noon + 57_000) == [57_000])
        #expect(starts(steps(at: 58_000), from: noon + 58_000) == [])
        #expect(starts(steps(at: 60_000), from: noon + 60_000) == [])
        #expect(starts(steps(at: 9_000_000), from: noon + 9_000_000) == [])
    }

    @Test func aStepThatTakesTooLongIsFollowedByNoBurst() {
        let starts = starts(steps(), from: noon) { $0 == 1 ? 13_000 : 10 }
        #expect(starts == [0, 5_000, 20_000, 25_000, 30_000, 35_000, 40_000, 45_000, 50_000, 55_000])
        var skipping = steps()
        var now = noon
        while case let action = skipping.action(nowMs: now), action != .over {
            if case .wait(let milliseconds) = action { now += milliseconds } else { now += 6_000 }
        }
        // Each is a second later than the one before, until one is too late: every fourth.
        #expect(skipping.skipped == 3)
    }

    @Test(
        arguments: [
            (4_000, [0]), (7_000, [0, 5_000]), (6_999, [0]), (12_000, [0, 5_000, 10_000]), (11_999, [0, 5_000]),
            (1_000, []),
            (1_334, [0]),
            (0, []), (-5, []), (60_000, (0..<12).map { $0 * 5_000 }), (56_000, (0..<11).map { $0 * 5_000 }),
        ] as [(Int64, [Int64])])
    func theDeadlineEndsTheMinuteWithTimeToAnswer(_ deadlineMs: Int64, _ expected: [Int64]) {
        #expect(starts(steps(deadlineMs: deadlineMs), from: noon) == expected)
    }

    @Test func aDeadlineInThePastOrBeyondAllTimesIsNoTrap() {
        #expect(starts(MinuteSteps(of: minute, intervalMs: 5_000, nowMs: noon, deadlineMs: .min), from: noon) == [])
        #expect(
            starts(MinuteSteps(of: minute, intervalMs: 5_000, nowMs: noon, deadlineMs: .max), from: noon).count == 12)
    }

    @Test(
        arguments: [
            (500, 120, 59_950), (1_000, 60, 59_900), (7_000, 9, 59_500), (40_000, 2, 59_500), (59_000, 1, 59_500),
            (60_000, 1, 59_500), (90_000, 1, 59_500), (1, 60_000, 60_000),
        ] as [(Int64, Int, Int64)])
    func otherIntervalsFillTheMinuteToo(_ intervalMs: Int64, _ count: Int, _ end: Int64) {
        let steps = steps(intervalMs)
        #expect(starts(steps, from: noon) { _ in 0 }.count == count)
        #expect(steps.endMs == noon + end)
    }

    @Test func whatHasBeenServedIsNotDoneAgain() {
        #expect(starts(steps(served: 20_000), from: noon) == Array(Self.grid.dropFirst(4)))
        #expect(starts(steps(served: 17_000), from: noon) == Array(Self.grid.dropFirst(4)))
        #expect(starts(steps(served: 60_000), from: noon) == [])
        #expect(starts(steps(served: -60_000), from: noon) == Self.grid)
    }

    @Test func aLimitEndsTheMinuteSooner() {
        #expect(starts(steps(limit: 3), from: noon) == [0, 5_000, 10_000])
        #expect(starts(steps(limit: 0), from: noon) == [])
    }

    @Test func randomDelaysNeverBreakTheRules() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            let interval = Int64.random(in: 1...70_000, using: &random)
            let deadline = Int64.random(in: -10_000...100_000, using: &random)
            let start = Int64.random(in: -10_000...70_000, using: &random)
            let steps = MinuteSteps(
                of: minute, intervalMs: interval, nowMs: noon + start, deadlineMs: noon + deadline)
            var last: Int64 = .min
            let starts = starts(steps, from: noon + start) { _ in .random(in: 0...(interval * 3), using: &random) }
            for start in starts {
                // One step an interval at most, and none before or behind the minute.
                #expect(start >= 0 && start < 60_000 && start < max(deadline, 1))
                if last != .min { #expect(start / interval > last / interval) }
                last = start
            }
        }
    }
}
