internal import Glibc

/// A folder that one process at a time has, made where it is missing. The system lets go of it when the process ends,
/// however it does.
final class FolderLock: Sendable {
    private let descriptor: Int32

    init(_ path: String) throws(EventSourceError) {
        try Self.make(path)
        descriptor = open("\(path)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw ShardLog.fault("open", "\(path)/lock") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(descriptor)
            guard code == EWOULDBLOCK else { throw ShardLog.fault("lock", path, code) }
            throw EventSourceError(.inUse, "\(path) is in use by another process")
        }
    }

    deinit { close(descriptor) }

    /// Makes a folder and those above it.
    private static func make(_ path: String) throws(EventSourceError) {
        var parent = ""
        for name in path.split(separator: "/") {
            parent += "/" + name
            guard mkdir(parent, 0o755) == 0 || errno == EEXIST else { throw ShardLog.fault("make", parent) }
        }
    }

    /// What a folder holds.
    static func names(in path: String) throws(EventSourceError) -> [String] {
        guard let folder = opendir(path) else { throw ShardLog.fault("list", path) }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }
}
