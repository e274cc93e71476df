import Simulation

@testable import Producers

/// A target that takes everything, unless a test says otherwise.
final class ScriptedTarget: RecordTarget {
    let name = "the target"
    /// What it has taken.
    private(set) var records: [SimulatedRecord] = []
    /// When each batch came, and until when it might take, in milliseconds since the epoch.
    private(set) var calls: [(nowMs: Int64, beforeMs: Int64, count: Int)] = []
    /// How many records of the next batches fail.
    var failures: [Int] = []
    /// How long each batch takes, in milliseconds.
    var batchMs: Int64 = 10
    private let clock: ManualClock

    init(_ clock: ManualClock) { self.clock = clock }

    func put(_ records: [SimulatedRecord], beforeMs: Int64) -> PutReport {
        calls.append((clock.nowMs, beforeMs, records.count))
        clock.pass(batchMs)
        let failed = failures.isEmpty ? 0 : min(failures.removeFirst(), records.count)
        self.records += records.dropLast(failed)
        return PutReport(put: records.count - failed, failed: failed, reason: failed > 0 ? "it is full" : nil)
    }
}
