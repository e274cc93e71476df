internal import Synchronization

/// What all threads of a local twin share: whether they go on, what stopped them, and what happened.
final class TwinControl: Sendable {
    private struct State {
        var phase = TwinStatus.Phase.running
        var producers = 0
        var fault: String?
        var events: [String] = []
        var fresh: [String] = []
    }

    private let state = Mutex(State())
    private static let keptEvents = 5
    private static let freshEvents = 100

    /// What the twin is doing.
    var phase: TwinStatus.Phase { state.withLock { $0.phase } }
    /// Whether records are still made.
    var isProducing: Bool { state.withLock { $0.producers > 0 } }
    /// What made it impossible to go on.
    var fault: String? { state.withLock { $0.fault } }
    /// What happened last, oldest first.
    var events: [String] { state.withLock { $0.events } }

    /// Ends the making of records: what is in the streams is still taken.
    func drain() { state.withLock { if $0.phase == .running { $0.phase = .draining } } }
    /// Begins nothing more.
    func end() { state.withLock { $0.phase = .ending } }

    /// Notes a fault that the twin cannot go on with: the first one counts.
    func fail(_ message: String) {
        state.withLock {
            $0.fault = $0.fault ?? message
            if $0.phase == .running { $0.phase = .draining }
        }
    }

    /// Notes what people should see; of what happens again and again, the first.
    func note(_ event: String) {
        state.withLock {
            guard $0.events.last != event else { return }
            $0.events = Array(($0.events + [event]).suffix(Self.keptEvents))
            $0.fresh = Array(($0.fresh + [event]).suffix(Self.freshEvents))
        }
    }

    /// What has happened since this was asked last.
    func takeEvents() -> [String] {
        state.withLock { state in
            defer { state.fresh = [] }
            return state.fresh
        }
    }

    /// Counts one more that makes records, if any are still to be made.
    /// - Returns: whether they are; each that was counted must tell its end.
    func producerStarted() -> Bool {
        state.withLock { state in
            guard state.phase == .running else { return false }
            state.producers += 1
            return true
        }
    }
    func producerEnded() { state.withLock { $0.producers -= 1 } }
}

/// A number that several threads see and one or more change.
final class SharedCount: Sendable {
    private let number = Atomic<Int64>(0)

    var value: Int64 { number.load(ordering: .relaxed) }
    func add(_ count: Int64) { number.add(count, ordering: .relaxed) }
}
