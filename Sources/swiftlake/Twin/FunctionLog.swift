internal import Foundation
internal import Glibc
internal import Synchronization

/// The file that takes what all functions write, each line with the function's name before it.
final class FunctionLog: Sendable {
    private let descriptor: Int32
    private let order = Mutex(())

    /// Opens the file; one that has grown large is put aside first.
    init(_ path: String) throws(CommandFailure) {
        var status = stat()
        if stat(path, &status) == 0, status.st_size > 64 << 20 { rename(path, path + ".1") }
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw CommandFailure("\(path) cannot be written: \(String(cString: strerror(errno)))")
        }
    }

    deinit { close(descriptor) }

    /// Adds a line. A disk that is full loses it: the functions' own work says more about that.
    func add(_ line: String, of function: String) {
        let bytes = Array("\(function) \(line)\n".utf8)
        order.withLock { _ in _ = write(descriptor, bytes, bytes.count) }
    }
}
