internal import Glibc

/// Where the time comes from, so that a test can say what time it is.
public struct WallClock: Sendable {
    private let read: @Sendable () -> Int64

    /// A clock that reads milliseconds since the epoch from a closure.
    public init(_ milliseconds: @escaping @Sendable () -> Int64) { read = milliseconds }

    /// Milliseconds since the epoch, UTC.
    public var milliseconds: Int64 { read() }

    /// The machine's clock.
    public static let system = WallClock {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
