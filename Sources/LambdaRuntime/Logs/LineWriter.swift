internal import Glibc

/// Where log and metric lines go: one `write(2)` a line, so that lines of two threads never mix.
public struct LineWriter: Sendable {
    private let write: @Sendable ([UInt8]) -> Void

    /// A writer that hands each line, with its line feed, to a closure.
    public init(_ write: @escaping @Sendable ([UInt8]) -> Void) { self.write = write }

    /// Standard output, which Lambda sends to CloudWatch as it does standard error. Standard error is left to the Swift
    /// runtime's own last words.
    public static let standardOutput = LineWriter { writeAll($0, to: STDOUT_FILENO) }

    /// Writes one line; the line feed is added here.
    func callAsFunction(_ line: consuming [UInt8]) {
        line.append(0x0A)
        write(line)
    }

    /// Writes again only what the kernel did not take: a signal, a full pipe.
    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) {
        bytes.withUnsafeBytes { bytes in
            var rest = UnsafeRawBufferPointer(rebasing: bytes[...])
            while !rest.isEmpty {
                let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if written > 0 {
                    rest = UnsafeRawBufferPointer(rebasing: rest[written...])
                } else if written < 0 && errno == EAGAIN {
                    var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    poll(&ready, 1, -1)
                } else if written < 0 && errno != EINTR {
                    // Nobody can be told that the log is gone; the function's work goes on.
                    return
                }
            }
        }
    }
}
