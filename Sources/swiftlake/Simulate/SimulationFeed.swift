internal import Glibc
internal import Producers
internal import Simulation

/// Puts simulated records into a target as their time comes, or all at once.
struct SimulationFeed {
    private let records: SimulatedStream
    private let target: any RecordTarget
    /// What a record's time is ahead of the clock, in milliseconds.
    private let shiftMs: Int64
    private let isFast: Bool
    private let beganMs: Int64
    private var next: Int
    /// The first record that is not made any more; nil without an end.
    private let end: Int?
    private var left: Int?
    private(set) var outcome = PutReport()
    private var progress = SimulationProgress()

    /// Records that are put at once, at most.
    private static let most = 2_000
    /// How long one batch may take, in milliseconds.
    private static let batchMs: Int64 = 30_000
    /// How often records are put that come slowly, in milliseconds.
    private static let tickMs: Int64 = 100

    /// A feed.
    /// - Parameters:
    ///   - startMs: the time of the first record, in milliseconds since the epoch.
    ///   - nowMs: the time.
    ///   - milliseconds: how much of the records' time there is; nil for no end.
    ///   - count: how many records; nil for no end.
    init(
        _ records: SimulatedStream, _ target: any RecordTarget, startMs: Int64, nowMs: Int64, milliseconds: Int64?,
        count: Int?, isFast: Bool
    ) {
        self.records = records
        self.target = target
        self.isFast = isFast
        shiftMs = startMs - nowMs
        beganMs = nowMs
        next = records.index(startMs)
        end = milliseconds.map { records.index(startMs + max(1, $0)) }
        left = count
    }

    /// Puts records until there are no more, or a signal comes.
    mutating func run(_ signals: StopSignals) -> PutReport {
        while !isOver {
            let nowMs = Self.nowMs()
            let due = batch(nowMs: nowMs)
            if !due.isEmpty {
                let report = target.put(due, beforeMs: Self.nowMs() + Self.batchMs)
                outcome.add(report)
                if let reason = report.reason { progress.complain(reason) }
            }
            progress.draw(outcome.put, elapsedMs: Self.nowMs() - beganMs)
            if isOver || signals.wait(milliseconds: waitMs(Self.nowMs())) { break }
        }
        progress.clear()
        return outcome
    }

    /// Whether there are no more records.
    var isOver: Bool { left == 0 || end.map { next >= $0 } ?? false }

    /// The next records that are due, in order; those of silent devices are left out.
    mutating func batch(nowMs: Int64) -> [SimulatedRecord] {
        let due = isFast ? Int.max : records.index(nowMs + shiftMs + 1)
        var batch: [SimulatedRecord] = []
        while next < due, batch.count < Self.most, !isOver {
            if let record = records.record(next) {
                batch.append(record)
                left = left.map { $0 - 1 }
            }
            next += 1
        }
        return batch
    }

    /// How long to wait for the next record.
    func waitMs(_ nowMs: Int64) -> Int64 {
        guard !isFast else { return 0 }
        let untilNext = records.timeMs(next) - nowMs - shiftMs
        // Records that come fast are put together; and the progress moves, however slowly they come.
        return untilNext > 0 ? min(max(untilNext, Self.tickMs), 1_000) : 0
    }

    /// What was done, for a person.
    func sentence(_ target: String) -> String {
        let elapsed = Double(max(1, Self.nowMs() - beganMs)) / 1000
        let rate = Int64((Double(outcome.put) / elapsed).rounded())
        var text =
            "\(Quantity.counted(outcome.put, "record")) to \(target) in \(Quantity.seconds(elapsed)), "
            + "\(Quantity.grouped(rate)) a second"
        if outcome.failed > 0 {
            text += "; \(Quantity.counted(outcome.failed, "record")) failed: \(outcome.reason ?? "no reason is known")"
        }
        return text + "."
    }

    /// Milliseconds since the epoch.
    static func nowMs() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
