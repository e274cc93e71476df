import LambdaRuntime
import Logging
import Synchronization

/// A clock that only waiting and a test move.
final class ManualClock: Sendable {
    private let time: Mutex<Int64>
    private let waited = Mutex<[Int64]>([])

    /// 2026-11-20T12:00:00Z, the start of a minute.
    static let noonMs: Int64 = 1_795_176_000_000

    init(_ milliseconds: Int64 = ManualClock.noonMs) { time = Mutex(milliseconds) }

    /// Milliseconds since the epoch.
    var nowMs: Int64 {
        get { time.withLock { $0 } }
        set { time.withLock { $0 = newValue } }
    }

    /// What was waited for, in milliseconds.
    var waits: [Int64] { waited.withLock { $0 } }

    /// Time passes without waiting.
    func pass(_ milliseconds: Int64) { time.withLock { $0 += milliseconds } }

    /// Time passes by waiting.
    func sleep(_ milliseconds: Int64) {
        waited.withLock { $0.append(milliseconds) }
        pass(milliseconds)
    }

    var wallClock: WallClock { WallClock { self.nowMs } }

    /// A context of an invocation that has this long.
    func context(timeMs: Int64 = 90_000, lines: LineWriter = LineWriter { _ in }) -> Context {
        let clock = wallClock
        return Context(
            requestID: "test", deadlineMilliseconds: nowMs + timeMs,
            log: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
            metrics: Metrics(namespace: "test", clock: clock, writer: lines), clock: clock)
    }
}
