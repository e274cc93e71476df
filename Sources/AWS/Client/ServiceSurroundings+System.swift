internal import Glibc
internal import HTTPTransport

extension ServiceSurroundings {
    /// The machine's clock and randomness; waits block the calling thread.
    public static func system() -> ServiceSurroundings {
        ServiceSurroundings(
            nowMs: { Clock.epoch },
            random: SystemRandomNumberGenerator(),
            sleep: { milliseconds in
                guard milliseconds > 0 else { return }
                var rest = timespec(
                    tv_sec: Int(milliseconds / 1000), tv_nsec: Int(milliseconds % 1000) * 1_000_000)
                var left = timespec()
                while nanosleep(&rest, &left) != 0, errno == EINTR { rest = left }
            })
    }
}
