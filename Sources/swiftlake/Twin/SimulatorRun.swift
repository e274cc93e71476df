internal import EventSources
internal import Foundation
internal import Simulation

/// Makes a simulator's records as their time comes, in a thread of its own.
struct SimulatorRun: Sendable {
    let name: String
    let records: SimulatedStream
    let control: TwinControl
    /// Records that are in the stream.
    let made: SharedCount
    /// Makes the sink, which belongs to the thread.
    let makeSink: @Sendable () throws -> any RecordSink

    private static let tickMs: Int64 = 50
    /// After a fault, and how long records are made up for that were due meanwhile.
    private static let faultMs: Int64 = 1_000
    private static let mostLateMs: Int64 = 10_000
    /// Records that are made at once, at most.
    private static let most = 10_000

    /// Runs until no more records are to be made.
    func run() {
        defer { control.producerEnded() }
        do {
            let sink = try makeSink()
            var next = records.index(Lane.nowMs())
            while control.phase == .running {
                let now = Lane.nowMs()
                next = max(next, records.index(now - Self.mostLateMs))
                let end = min(max(next, records.index(now)), next + Self.most)
                let due = (next..<end).compactMap(records.record)
                next = end
                do {
                    if !due.isEmpty {
                        let report = try sink.put(due)
                        made.add(Int64(report.put))
                        if let failure = report.failure { throw failure }
                    }
                    Lane.sleep(Self.tickMs)
                } catch let error as EventSourceError {
                    // The log cannot be written: whatever comes next would be lost.
                    throw error
                } catch {
                    control.note("\(name): \(error)")
                    Lane.sleep(Self.faultMs)
                }
            }
        } catch {
            control.fail("\(name): \(error)")
        }
    }
}
