internal import Glibc

/// The owner of one open file; closed when it goes out of scope.
struct FileDescriptor: ~Copyable {
    let number: Int32

    /// Opens a path (open(2)), not across `exec`.
    init(_ path: String, _ flags: Int32, mode: mode_t = 0o666, to action: String) throws(SystemError) {
        var opened: Int32
        repeat { opened = open(path, flags | O_CLOEXEC, mode) } while opened < 0 && errno == EINTR
        guard opened >= 0 else { throw SystemError.last(action) }
        number = opened
    }

    deinit { _ = close(number) }

    /// Writes all bytes, however many calls it takes.
    func write(_ bytes: [UInt8]) throws(SystemError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(number, buffer.baseAddress! + written, buffer.count - written)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw SystemError.last("write")
            }
            written += count
        }
    }

    /// Makes the content durable (fsync(2)), or a folder's entries.
    func synchronize() throws(SystemError) {
        while fsync(number) != 0 {
            // Some file systems cannot synchronise a folder and say so; there is nothing better to do there.
            if errno == EINVAL { return }
            if errno != EINTR { throw SystemError.last("make durable") }
        }
    }

    /// The whole content of a regular file.
    func readAll() throws(SystemError) -> [UInt8] {
        var status = stat()
        guard fstat(number, &status) == 0 else { throw SystemError.last("read") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw SystemError(number: EISDIR, action: "read") }
        var bytes: [UInt8] = []
        // One byte more than the size, so that the last read(2) can see the end without growing the array.
        var capacity = Int(status.st_size) + 1
        while true {
            var failure: Int32 = 0
            let before = bytes.count
            let chunk = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, filled in
                while filled < buffer.count {
                    let count = read(number, buffer.baseAddress! + filled, buffer.count - filled)
                    if count < 0 && errno == EINTR { continue }
                    if count < 0 { failure = errno }
                    if count <= 0 { break }
                    filled += count
                }
            }
            guard failure == 0 else { throw SystemError(number: failure, action: "read") }
            if before == 0 { bytes = chunk } else { bytes.append(contentsOf: chunk) }
            if chunk.count < capacity { return bytes }
            capacity = 1 << 16
        }
    }
}
