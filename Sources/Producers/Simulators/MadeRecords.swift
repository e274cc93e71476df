internal import Simulation

/// Which records of a run's minute are due, and which have been made: pure.
///
/// A step makes what has come about since the step before, so that no record is of the future, and steps that were left out
/// are made up for. A run's records are those of the minute that began one interval before its own: runs of minutes that
/// follow each other leave no gap and do nothing twice, and a minute that is delivered again makes the same records.
struct MadeRecords {
    /// The first record that has not been made.
    private(set) var next: Int
    /// The first record that is the next run's.
    let end: Int
    private let stream: SimulatedStream

    /// The records of a run.
    /// - Parameters:
    ///   - intervalMs: from one step to the next, in milliseconds.
    ///   - madeMs: records of before this, in milliseconds since the epoch, were made by an earlier run.
    init(_ stream: SimulatedStream, of minute: Minute, intervalMs: Int64, madeMs: Int64) {
        self.stream = stream
        let endMs = minute.endMs - intervalMs
        next = stream.index(min(max(minute.startMs - intervalMs, madeMs), endMs))
        end = stream.index(endMs)
    }

    /// How many records are left to the run.
    var left: Int { max(0, end - next) }

    /// Whether records are due at a time, in milliseconds since the epoch, that have not been made.
    func isBehind(_ dueMs: Int64) -> Bool { next < min(stream.index(dueMs), end) }

    /// Makes the next records that are due at a time, in milliseconds since the epoch: a part of them, if they are many.
    mutating func take(dueMs: Int64, atMost count: Int) -> [SimulatedRecord] {
        let last = max(next, min(stream.index(dueMs), end, next + count))
        defer { next = last }
        return (next..<last).compactMap(stream.record)
    }
}
