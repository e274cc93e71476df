internal import Glibc

/// Ctrl-C and the request to end (SIGINT, SIGTERM, SIGHUP), taken one by one instead of ending the program.
struct StopSignals {
    private var signals = sigset_t()

    /// Holds the signals back in this thread and in those that it starts from now on.
    init() {
        sigemptyset(&signals)
        for signal in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, signal) }
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    /// Waits for one, at most so long.
    /// - Returns: whether one came.
    func wait(milliseconds: Int64) -> Bool {
        var signals = signals
        var time = timespec(tv_sec: Int(milliseconds / 1000), tv_nsec: Int(milliseconds % 1000) * 1_000_000)
        return sigtimedwait(&signals, nil, &time) > 0
    }
}
