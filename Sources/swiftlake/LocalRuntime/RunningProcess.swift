internal import Glibc
internal import Synchronization

/// The process that a function has running, if it has one: for threads that look at it or end it while another one talks
/// to it.
final class RunningProcess: Sendable {
    private struct State {
        var id: pid_t?
        var starts = 0
    }

    private let state = Mutex(State())

    /// How many processes were started so far.
    var starts: Int { state.withLock { $0.starts } }

    /// Memory that the process has resident now, in bytes; nil without a process.
    var memoryBytes: Int? {
        guard let id = state.withLock({ $0.id }), let file = fopen("/proc/\(id)/statm", "re") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard fgets(&line, Int32(line.count), file) != nil else { return nil }
        let text = line.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
        return text.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map {
            $0 * sysconf(Int32(_SC_PAGESIZE))
        }
    }

    /// Ends the process by a signal that it cannot refuse.
    /// - Returns: whether there was one.
    @discardableResult
    func kill() -> Bool {
        state.withLock { state in
            guard let id = state.id else { return false }
            return Glibc.kill(id, SIGKILL) == 0
        }
    }

    /// Notes a process that has begun.
    func started(_ id: pid_t) {
        state.withLock {
            $0.id = id
            $0.starts += 1
        }
    }

    /// Waits for the process's end while nobody can signal it: its id may be another's as soon as its end is known.
    func ending<End>(_ wait: () -> End?) -> End? {
        state.withLock { state in
            let end = wait()
            if end != nil { state.id = nil }
            return end
        }
    }
}
