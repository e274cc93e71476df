public import LambdaRuntime
internal import Glibc
internal import Logging

/// The loop of a job that works for a minute: a step at each interval until the minute, or the invocation's time, is over.
///
/// A process does no step of a minute twice, also if the same minute is delivered again or two minutes overlap; nothing is
/// known of other processes. Keep one loop for the life of the process.
public final class MinuteLoop {
    private let intervalMs: Int64
    private let sleep: (Int64) -> Void
    /// What was due before this, in milliseconds since the epoch, has been done.
    private var servedMs: Int64 = .min

    /// A loop.
    /// - Parameters:
    ///   - intervalMs: from one step to the next, in milliseconds.
    ///   - sleep: waits, for a number of milliseconds.
    public init(intervalMs: Int64, sleep: @escaping (Int64) -> Void = MinuteLoop.sleep) {
        self.intervalMs = intervalMs
        self.sleep = sleep
    }

    /// Does the steps of one run's minute.
    /// - Parameter body: does one step, and must be done by its end. What it throws is counted and logged, and the next step
    ///   comes all the same; it must be safe to log.
    public func run(
        _ event: MinuteEvent, _ context: Context, _ body: (MinuteStep) throws -> Void
    ) -> MinuteReport {
        let clock = context.clock
        let began = clock.milliseconds
        // A clock that was set back must not keep the loop from working.
        if servedMs > began + Minute.lengthMs { servedMs = .min }
        var steps = MinuteSteps(
            of: event.minute, intervalMs: intervalMs, servedMs: servedMs, nowMs: began,
            deadlineMs: context.deadlineMilliseconds, limit: event.limit)
        var report = MinuteReport(minute: event.minute)
        report.isLate = event.minute.endMs <= began
        running: while true {
            switch steps.action(nowMs: clock.milliseconds) {
            case .over: break running
            case .wait(let milliseconds): sleep(min(milliseconds, Minute.lengthMs))
            case .step(let step):
                servedMs = steps.servedMs
                report.steps += 1
                report.longestDelayMs = max(report.longestDelayMs, clock.milliseconds - step.dueMs)
                do {
                    try body(step)
                } catch {
                    report.failed += 1
                    report.lastError = "\(error)"
                    context.log.warning(
                        "a step failed; the next one comes in its time",
                        metadata: ["step": "\(step.number)", "error": "\(error)"])
                }
            }
        }
        report.skipped = steps.skipped
        return report
    }

    /// Blocks the calling thread for so many milliseconds.
    public static func sleep(_ milliseconds: Int64) {
        guard milliseconds > 0 else { return }
        var rest = timespec(tv_sec: Int(milliseconds / 1000), tv_nsec: Int(milliseconds % 1000) * 1_000_000)
        var left = timespec()
        while nanosleep(&rest, &left) != 0, errno == EINTR { rest = left }
    }
}
