internal import Foundation
internal import Glibc

/// The folder where a local twin keeps what outlives it: the streams' logs, failed batches, logs of functions. One twin
/// at a time has it.
final class TwinFolder {
    /// Its path.
    let path: String
    private let lock: Int32

    /// Where the streams' logs lie, a folder each.
    var streams: String { path + "/streams" }
    /// Where batches go that a mapping gives up.
    var failures: String { path + "/failures" }
    /// Where positions lie that no table tells.
    var positions: String { path + "/positions" }
    /// What functions wrote.
    var functionLog: String { path + "/functions.log" }

    /// Makes the folder if it is missing, and takes it until this program ends, however it ends.
    init(_ path: String) throws(CommandFailure) {
        self.path = path
        for folder in [path, path + "/streams", path + "/failures", path + "/positions"] { try Self.make(folder) }
        let file = path + "/lock"
        lock = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard lock >= 0 else {
            throw CommandFailure(
                "\(file) cannot be opened: \(String(cString: strerror(errno))). Name a folder that can be written with "
                    + "--lake DIR")
        }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            let owner = (try? String(contentsOfFile: file, encoding: .utf8)).flatMap {
                Int($0.trimmingCharacters(in: .whitespacesAndNewlines))
            }
            close(lock)
            let who = owner.map { ", process \($0)" } ?? ""
            throw CommandFailure(
                "another swiftlake up\(who) uses this lake (it holds \(file)). End it with Ctrl-C, or name another lake "
                    + "with --lake DIR")
        }
        let text = Array("\(getpid())\n".utf8)
        guard ftruncate(lock, 0) == 0, pwrite(lock, text, text.count, 0) == text.count else {
            let reason = String(cString: strerror(errno))
            close(lock)
            throw CommandFailure("\(file) cannot be written: \(reason)")
        }
    }

    deinit { close(lock) }

    /// Makes a folder and those above it.
    private static func make(_ folder: String) throws(CommandFailure) {
        var parent = ""
        for name in folder.split(separator: "/") {
            parent += "/\(name)"
            guard mkdir(parent, 0o755) != 0, errno != EEXIST else { continue }
            throw CommandFailure(
                "\(parent) cannot be made: \(String(cString: strerror(errno))). Name a folder that can be written with "
                    + "--lake DIR")
        }
    }

    /// What the system says of a fault of a file.
    static func reason(_ error: any Error) -> String {
        let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
        if let underlying, underlying.domain == NSPOSIXErrorDomain {
            return String(cString: strerror(Int32(underlying.code)))
        }
        return error.localizedDescription
    }
}
