internal import Glibc

/// The clocks that transfers are timed by, in milliseconds.
package enum Clock {
    /// Since some moment of the past; never goes back.
    static var monotonic: Int64 { milliseconds(CLOCK_MONOTONIC) }

    /// Since the epoch.
    package static var epoch: Int64 { milliseconds(CLOCK_REALTIME) }

    /// Since the machine began, any sleep of it included.
    static var sinceBoot: Int64 { milliseconds(CLOCK_BOOTTIME) }

    private static func milliseconds(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }
}
