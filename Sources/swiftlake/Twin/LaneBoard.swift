internal import EventSources
internal import Synchronization

/// What one mapping shows to other threads.
final class LaneBoard: Sendable {
    /// How a mapping stands.
    struct State {
        var counts = MappingCounts()
        /// Records that lie in its shards and are not settled.
        var lag: Int64 = 0
        /// When the source took the oldest of them, in milliseconds since the epoch.
        var oldestMs: Int64?
        /// Since when the function has had a batch; nil if it has none.
        var isBusy = false
        var isEnded = false
        /// Invocations that ended in anything but a reply that took all.
        var failures = 0
        var kills = 0
    }

    let mapping: TwinMapping
    /// The function's process.
    let process = RunningProcess()
    private let shared = Mutex(State())

    init(_ mapping: TwinMapping) { self.mapping = mapping }

    var state: State { shared.withLock { $0 } }

    func change(_ change: (inout State) -> Void) { shared.withLock { change(&$0) } }
}
