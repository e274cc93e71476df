internal import Foundation

/// Kills functions at their work now and then, in a thread of its own.
struct FunctionKiller: Sendable {
    let seed: UInt64
    let averageSeconds: Double
    let control: TwinControl
    let boards: @Sendable () -> [LaneBoard]

    private static let lookMs: Int64 = 5
    /// How long a function is waited for that has nothing to do: then it is killed at rest.
    private static let patienceMs: Int64 = 1_000
    /// How far into an invocation it is killed, at most.
    private static let momentMs: UInt64 = 40

    /// Runs while records are made or taken.
    func run() {
        var times = KillTimes(seed: seed, averageSeconds: averageSeconds)
        while control.phase != .ending {
            let (seconds, choice, moment) = times.next()
            guard sleep(seconds) else { return }
            let boards = boards().filter { !$0.state.isEnded }
            guard !boards.isEmpty else { continue }
            let board = boards[Int(choice % UInt64(boards.count))]
            let until = Lane.nowMs() + Self.patienceMs
            while !board.state.isBusy, Lane.nowMs() < until, control.phase != .ending { Lane.sleep(Self.lookMs) }
            Lane.sleep(Int64(moment % Self.momentMs))
            let work = board.state.isBusy ? "at its work" : "at rest"
            if board.process.kill() {
                board.change { $0.kills += 1 }
                control.note("killed \(board.mapping.job) \(work): \(board.mapping.source.stream.name)")
            }
        }
    }

    /// - Returns: false if the twin ends meanwhile.
    private func sleep(_ seconds: Double) -> Bool {
        let until = Lane.nowMs() + Int64(seconds * 1000)
        while Lane.nowMs() < until {
            guard control.phase != .ending else { return false }
            Lane.sleep(min(200, until - Lane.nowMs()))
        }
        return control.phase != .ending
    }
}
