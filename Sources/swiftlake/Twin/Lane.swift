internal import EventSources
internal import Foundation

/// Drives one event source mapping in a thread of its own: reads its shards, calls the function's own process with each
/// batch, and tells the mapping how it went. An environment of Lambda has one batch at a time, and so has a lane.
struct Lane: Sendable {
    let board: LaneBoard
    let control: TwinControl
    let source: any EventSource
    let program: String
    let environment: [String: String]
    let timeoutSeconds: Double
    /// How long the mapping gathers a batch, in milliseconds: while the twin drains it need not, as nothing more comes.
    let windowMs: Int64
    /// Makes the mapping, which belongs to the lane's thread.
    let makeMapping: @Sendable () throws -> any EventSourceMapping
    /// Where positions are kept that no table tells; nil for those that a table does.
    let positions: PositionFile?
    /// Takes each line that the function writes.
    let onLog: @Sendable (String) -> Void

    /// Between two looks at what else happens, in milliseconds.
    private static let lookMs: Int64 = 200
    /// While a batch is gathered, records that come one by one are not taken one by one.
    private static let gatherMs: Int64 = 20
    /// After a fault of the source.
    private static let faultMs: Int64 = 1_000
    /// Between two notes of a source's faults.
    private static let noteMs: Int64 = 10_000

    /// Runs until the twin ends, or until it drains and nothing is left.
    func run() {
        defer { board.change { $0.isEnded = true } }
        do {
            let log = onLog
            let runtime = try LocalRuntime(
                executable: program, environment: environment, timeoutSeconds: timeoutSeconds, running: board.process,
                onLog: log)
            defer { runtime.stop() }
            let mapping = try makeMapping()
            drive(mapping, runtime)
        } catch {
            control.fail("\(board.mapping.job): \(error)")
        }
    }

    private func drive(_ first: some EventSourceMapping, _ runtime: LocalRuntime) {
        var mapping = first
        var unsettled = UnsettledRecords()
        var failed = false
        var watch = DrainWatch()
        var nextNoteMs = Int64.min
        while control.phase != .ending {
            do {
                // Asked before reading: what was made until now is read, or counts as left.
                let mayEnd = control.phase == .draining && !control.isProducing
                let isSettled = watch.look(isOver: mayEnd, nowMs: Self.nowMs())
                try read(&mapping, &unsettled)
                try publish(mapping, &unsettled)
                board.change { $0.sourceFault = nil }
                // After a failure the wait is one that the next attempt needs.
                let gathered = mayEnd && !failed ? windowMs : 0
                switch mapping.next(nowMs: Self.nowMs() + gathered) {
                case .invoke(let batch): failed = try !invoke(batch, &mapping, runtime)
                case .wait(let untilMs):
                    try wait(mapping, atMostMs: min(untilMs - Self.nowMs(), Self.lookMs))
                    Self.sleep(min(untilMs - Self.nowMs(), Self.gatherMs))
                case .idle:
                    if isSettled, mapping.unsettled == 0, board.state.lag == 0 { return }
                    try wait(mapping, atMostMs: Self.lookMs)
                }
            } catch {
                if Self.nowMs() >= nextNoteMs {
                    control.note("\(board.mapping.source.stream.name): \(error)")
                    nextNoteMs = Self.nowMs() + Self.noteMs
                }
                try? publish(mapping, &unsettled)
                Self.sleep(Self.faultMs)
            }
        }
        try? publish(mapping, &unsettled)
    }

    private func read(_ mapping: inout some EventSourceMapping, _ unsettled: inout UnsettledRecords) throws {
        for request in mapping.wanted() {
            let records = try ask { try source.read(request.shard, from: request.offset, atMost: request.count) }
            guard !records.isEmpty else { continue }
            unsettled.add(records)
            mapping.add(records, nowMs: Self.nowMs())
        }
    }

    private func wait(_ mapping: some EventSourceMapping, atMostMs milliseconds: Int64) throws {
        guard milliseconds > 0 else { return }
        var mapping = mapping
        // Without room there is nothing to wait for but the time.
        guard !mapping.wanted().isEmpty else { return Self.sleep(milliseconds) }
        try ask { try source.wait(for: mapping.readPositions, atMostMs: milliseconds) }
    }

    /// - Returns: whether the function took the whole batch.
    private func invoke(
        _ batch: MappedBatch, _ mapping: inout some EventSourceMapping, _ runtime: LocalRuntime
    ) throws -> Bool {
        board.change { $0.isBusy = true }
        defer { board.change { $0.isBusy = false } }
        let report = try runtime.invoke(batch.event())
        let outcome: InvocationOutcome =
            switch report.outcome {
            case .response(let reply): .reply(reply)
            case .functionError: .functionError
            case .timeout: .timeout
            case .initialisationError, .exit, .crash: .crash
            }
        mapping.take(outcome, requestID: report.requestID, nowMs: Self.nowMs())
        if report.exitCode != .success {
            board.change { $0.failures += 1 }
            control.note(report.sentence(board.mapping.job))
        }
        // What was given up and could not be kept must come again.
        if control.fault == nil { try positions?.write(mapping.checkpoints) }
        return report.exitCode == .success
    }

    /// Asks the source, and shows why it does not answer.
    private func ask<Answer>(_ question: () throws -> Answer) throws -> Answer {
        do {
            return try question()
        } catch {
            board.change { $0.sourceFault = "\(error)" }
            throw error
        }
    }

    private func publish(_ mapping: some EventSourceMapping, _ unsettled: inout UnsettledRecords) throws {
        let checkpoints = mapping.checkpoints
        unsettled.settle(checkpoints)
        let lag = try checkpoints.reduce(Int64(0)) { sum, checkpoint in
            sum + max(0, try ask { try source.end(of: checkpoint.key) } - checkpoint.value)
        }
        if let shard = source as? KinesisSource { shard.settled(before: checkpoints.values.min() ?? 0) }
        let (counts, oldest) = (mapping.counts, unsettled.oldestMs)
        board.change {
            $0.counts = counts
            $0.lag = lag
            $0.oldestMs = lag > 0 ? oldest : nil
        }
    }

    // MARK: - Time

    static func nowMs() -> Int64 { Int64((Date().timeIntervalSince1970 * 1000).rounded(.down)) }

    static func sleep(_ milliseconds: Int64) {
        if milliseconds > 0 { Thread.sleep(forTimeInterval: Double(milliseconds) / 1000) }
    }
}

/// When the records came that a mapping has read and not settled.
struct UnsettledRecords {
    private var times: [String: [(offset: Int64, timeMs: Int64)]] = [:]

    /// Adds records, each shard's in the order of their offsets.
    mutating func add(_ records: [StreamRecord]) {
        for record in records { times[record.shard, default: []].append((record.offset, record.timestampMs)) }
    }

    /// Forgets what lies before these offsets.
    mutating func settle(_ checkpoints: [String: Int64]) {
        for (shard, offset) in checkpoints {
            guard let first = times[shard]?.first, first.offset < offset else { continue }
            times[shard]?.removeAll { $0.offset < offset }
        }
    }

    /// When the oldest came, in milliseconds since the epoch; nil if there is none.
    var oldestMs: Int64? { times.values.compactMap { $0.first?.timeMs }.min() }
}
