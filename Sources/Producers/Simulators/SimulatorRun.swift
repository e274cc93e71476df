internal import Lake
internal import LambdaRuntime
internal import Simulation

/// What both simulating jobs do with a minute: at each step, the records that came about since the step before go to the
/// target. Keep one for the life of the process.
final class SimulatorRun {
    private let job: String
    private let intervalMs: Int64
    private let loop: MinuteLoop
    private let target: any RecordTarget
    private var minutes = MadeMinutes()

    /// Records that are put at once, at most: what a step makes may be many.
    static let mostRecords = 5_000

    init(
        _ job: String, into target: any RecordTarget, intervalMs: Int64,
        sleep: @escaping (Int64) -> Void = MinuteLoop.sleep
    ) {
        self.job = job
        self.target = target
        self.intervalMs = intervalMs
        loop = MinuteLoop(intervalMs: intervalMs, sleep: sleep)
    }

    /// Makes the records of an event's minute. Faults of the target do not end the minute.
    /// - Throws: ``JobError`` if not one record got through.
    func run(_ stream: SimulatedStream, _ event: MinuteEvent, _ context: Context) throws -> SimulatorReport {
        var made = MadeRecords(
            stream, of: event.minute, intervalMs: intervalMs, madeMs: minutes.madeMs(of: event.minute))
        var records = PutReport()
        let lastMs = min(event.minute.endMs - Self.marginMs, WorkDeadline(context).stopMs)
        let minute = loop.run(event, context) { step in
            let beforeMs = min(max(step.endMs, step.dueMs + Self.patienceMs), lastMs)
            let part = self.put(&made, dueMs: step.dueMs, beforeMs: beforeMs, context)
            records.add(part.report)
            // What nobody took, a repetition of the minute may try again.
            if part.isWhole, part.report.put > 0 || part.report.failed == 0 {
                minutes.note(event.minute, madeMs: step.dueMs)
            }
            if let error = error(part.report) { throw error }
        }
        var report = SimulatorReport(job: job, stream: stream.name, target: target.name, minute: minute)
        if minute.isLate {
            // The minute is over, so that all of its records are due.
            let part = put(&made, dueMs: event.minute.endMs, beforeMs: WorkDeadline(context).stopMs, context)
            records.add(part.report)
            if part.isWhole, part.report.put > 0 || part.report.failed == 0 {
                minutes.note(event.minute, madeMs: event.minute.endMs - intervalMs)
            }
            report.minute.lastError = error(part.report).map { "\($0)" }
        }
        report.records = records
        report.left = made.left
        report.log(context)
        if let error = report.error { throw error }
        return report
    }

    /// A step may take longer than its interval, as the next one makes up for those that were left out: a call that is cut
    /// short is one of which nobody knows what it did. In milliseconds.
    private static let patienceMs: Int64 = 10_000
    /// Kept at the minute's end, where the next run begins, in milliseconds.
    private static let marginMs: Int64 = 100

    /// Puts the records that are due.
    /// - Returns: what became of them, and whether all of them were tried in time.
    private func put(
        _ made: inout MadeRecords, dueMs: Int64, beforeMs: Int64, _ context: Context
    ) -> (report: PutReport, isWhole: Bool) {
        var report = PutReport()
        while made.isBehind(dueMs) {
            guard context.clock.milliseconds < beforeMs else { return (report, false) }
            report.add(target.put(made.take(dueMs: dueMs, atMost: Self.mostRecords), beforeMs: beforeMs))
        }
        return (report, true)
    }

    /// What a step ends with that some records did not get through.
    private func error(_ report: PutReport) -> JobError? {
        guard report.failed > 0 else { return nil }
        return JobError(
            .producers(.undelivered),
            "\(report.failed) of \(report.failed + report.put) records did not get into \(target.name): "
                + (report.reason ?? "no reason is known"))
    }
}
