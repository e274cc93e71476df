internal import Glibc

/// Where the command line prints: answers to standard output, complaints to standard error.
enum Console {
    /// Text as it is, at once. If it cannot be written, says so and ends the program; a reader that has gone, such as
    /// `head`, ends it quietly.
    static func write(_ text: String) {
        let code = write(text, to: STDOUT_FILENO)
        guard code != 0 else { return }
        // Only where somebody has the signal of a broken pipe ignored: what a shell says of a program that it ended.
        if code == EPIPE { exit(128 + SIGPIPE) }
        complain("swiftlake: standard output cannot be written: \(String(cString: strerror(code)))")
        exit(EXIT_FAILURE)
    }

    /// Lines.
    static func print(_ lines: String...) { for line in lines { write(line + "\n") } }

    /// Lines.
    static func print(_ lines: [String]) { write(lines.map { $0 + "\n" }.joined()) }

    /// A line that a part of the output begins with.
    static func heading(_ text: String) -> String {
        "━━━ \(text) " + String(repeating: "━", count: max(3, 74 - text.count))
    }

    /// A complaint. Where standard error cannot be written either, only the exit code tells.
    static func complain(_ text: String) { _ = write(text + "\n", to: STDERR_FILENO) }

    /// Gives standard streams that are closed a place that refuses to be written, so that no file or socket opened
    /// later gets their number and what is printed.
    static func reserveClosedStreams() {
        for stream in STDIN_FILENO...STDERR_FILENO where fcntl(stream, F_GETFD) < 0 {
            _ = open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
    }

    /// Writes all bytes, however many calls it takes.
    /// - Returns: 0, or the number of the error (errno).
    private static func write(_ text: String, to stream: Int32) -> Int32 {
        let bytes = Array(text.utf8)
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(stream, buffer.baseAddress! + written, buffer.count - written)
            }
            if count >= 0 {
                written += count
            } else if errno == EAGAIN {
                var ready = pollfd(fd: stream, events: Int16(POLLOUT), revents: 0)
                poll(&ready, 1, -1)
            } else if errno != EINTR {
                return errno
            }
        }
        return 0
    }
}
