package import LambdaRuntime

/// When to stop taking on work, such as records, so that what has been taken can still be finished before Lambda stops the
/// function.
package struct WorkDeadline {
    /// Kept for encoding and committing: a fifth of the time there is, between 1 and 10 seconds, but never more than
    /// half of it, as a function with a timeout of one second would otherwise take nothing, for ever.
    package static func reserveMs(of remainingMs: Int64) -> Int64 {
        min(max(remainingMs / 5, 1_000), 10_000, remainingMs / 2)
    }

    /// When the time for taking on work is over: milliseconds since the epoch.
    package let stopMs: Int64
    /// When a commit must give up waiting for others, so that the reply still gets out: milliseconds since the epoch.
    package let commitMs: Int64
    /// When requests must have ended, so that the reply still gets out: milliseconds since the epoch; nil if the
    /// invocation has no deadline.
    package let requestMs: Int64?
    private let clock: WallClock

    /// The deadline of one invocation.
    package init(_ context: Context) {
        clock = context.clock
        let reserveMs = Self.reserveMs(of: context.remainingMilliseconds)
        let (stop, overflows) = context.deadlineMilliseconds.subtractingReportingOverflow(reserveMs)
        stopMs = overflows ? .min : stop
        commitMs = overflows ? .min : stop + reserveMs * 3 / 4
        requestMs = context.deadlineMilliseconds == .max ? nil : overflows ? 0 : max(0, stop + reserveMs * 7 / 8)
    }

    /// Whether the time for taking on work is over.
    package var hasPassed: Bool { clock.milliseconds >= stopMs }
}
