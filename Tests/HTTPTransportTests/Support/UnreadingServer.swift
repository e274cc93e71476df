internal import Glibc
internal import TestSupport

/// A port on which the kernel takes connections that nobody reads.
final class UnreadingServer {
    private let listener = ListeningSocket()
    var origin: String { "http://127.0.0.1:\(listener.port)" }

    func stop() { close(listener.descriptor) }
}
