internal import Calendar

/// Which step of a minute comes when: told the time, it says what to do. Pure.
///
/// Steps stand on a grid from the minute's start on. One whose time has half passed is left out, so that neither a late
/// start nor a step that took too long is followed by a burst.
struct MinuteSteps {
    /// What to do next.
    enum Action: Equatable {
        /// Nothing for so many milliseconds; then to ask again.
        case wait(Int64)
        /// This step, now.
        case step(MinuteStep)
        /// Nothing any more.
        case over
    }

    /// When the last step must be over, in milliseconds since the epoch.
    let endMs: Int64
    /// Steps that were left out because their time had passed.
    private(set) var skipped = 0
    /// Before this, in milliseconds since the epoch, no step is due any more.
    private(set) var servedMs: Int64
    private let startMs: Int64
    private let intervalMs: Int64
    private var next: Int64
    private var left: Int

    /// Kept at the minute's end so that the reply is out before the next minute's run begins: a tenth of the interval,
    /// and this many milliseconds at most.
    static let longestMarginMs: Int64 = 500
    /// Kept before the deadline for the reply: a quarter of the time there is, and this many milliseconds at most.
    static let longestReserveMs: Int64 = 1_000
    /// Nothing can be done in less time, in milliseconds, or in a quarter of the interval if that is shorter.
    static let leastTimeMs: Int64 = 1_000

    /// The steps of a minute.
    /// - Parameters:
    ///   - intervalMs: from one step to the next, in milliseconds; more than none.
    ///   - servedMs: steps that were due before this, in milliseconds since the epoch, have been done.
    ///   - nowMs: the time.
    ///   - deadlineMs: when the invocation ends, in milliseconds since the epoch.
    ///   - limit: how many steps at most.
    init(
        of minute: Minute, intervalMs: Int64, servedMs: Int64 = .min, nowMs: Int64, deadlineMs: Int64 = .max,
        limit: Int = .max
    ) {
        precondition(intervalMs > 0, "steps without a time between them")
        startMs = minute.startMs
        self.intervalMs = intervalMs
        self.servedMs = max(servedMs, minute.startMs)
        left = limit
        // The first place on the grid that is not before the time served.
        next = -floorDivide(startMs - self.servedMs, intervalMs)
        let (remaining, overflows) = deadlineMs.subtractingReportingOverflow(nowMs)
        let reserve = overflows ? 0 : min(Self.longestReserveMs, max(0, remaining / 4))
        endMs = min(minute.endMs - min(Self.longestMarginMs, intervalMs / 10), deadlineMs - reserve)
    }

    /// What to do at a time.
    mutating func action(nowMs: Int64) -> Action {
        let least = max(1, min(Self.leastTimeMs, intervalMs / 4))
        while left > 0 {
            let due = startMs + next * intervalMs
            let end = min(due + intervalMs, endMs)
            guard due < endMs, endMs - max(due, nowMs) >= least else { return .over }
            if nowMs < due { return .wait(due - nowMs) }
            next += 1
            servedMs = due + intervalMs
            guard nowMs - due <= intervalMs / 2, end - nowMs >= least else {
                skipped += 1
                continue
            }
            left -= 1
            return .step(MinuteStep(number: Int(next - 1), dueMs: due, endMs: end))
        }
        return .over
    }
}
