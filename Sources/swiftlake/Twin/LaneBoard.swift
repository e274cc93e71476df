internal import EventSources
internal import Synchronization

/// What one mapping shows to other threads.
final class LaneBoard: Sendable {
    /// How a mapping stands.
    struct State {
        /// What the mapping has done; nil before it has begun.
        var counts: MappingCounts?
        /// Records that lie in its shards and are not settled.
        var lag: Int64 = 0
        /// Why the source did not answer when it was asked last, so that the lag is not known.
        var sourceFault: String?
        /// When the source took the oldest of them, in milliseconds since the epoch.
        var oldestMs: Int64?
        /// Whether the function has a batch.
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

/// What all mappings of a twin show.
final class LaneBoards: Sendable {
    private let boards = Mutex<[LaneBoard]>([])

    var all: [LaneBoard] { boards.withLock { $0 } }

    /// Adds a mapping.
    /// - Returns: how many there are then.
    func add(_ board: LaneBoard) -> Int {
        boards.withLock { boards in
            boards.append(board)
            return boards.count
        }
    }
}
