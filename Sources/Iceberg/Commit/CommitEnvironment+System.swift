internal import Glibc

extension CommitEnvironment {
    /// The machine's clock and randomness; waits block the calling thread.
    public static var system: CommitEnvironment {
        CommitEnvironment(
            nowMs: {
                var time = timespec()
                clock_gettime(CLOCK_REALTIME, &time)
                return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
            },
            random: SystemRandomNumberGenerator(),
            sleep: { milliseconds in
                var wanted = timespec(tv_sec: Int(milliseconds / 1000), tv_nsec: Int(milliseconds % 1000) * 1_000_000)
                var remaining = timespec()
                while nanosleep(&wanted, &remaining) != 0 && errno == EINTR { wanted = remaining }
            })
    }
}
