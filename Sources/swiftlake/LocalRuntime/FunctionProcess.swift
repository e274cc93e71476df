internal import Glibc

/// A function's process, with what it writes. It is killed and reaped with its owner.
final class FunctionProcess {
    /// How a process ended.
    struct End {
        let status: Int32
        /// The most memory it had resident; nil if that cannot be told from this process's own.
        let peakMemoryBytes: Int?

        /// The signal that ended it, or nil if it ended by itself.
        var signal: Int32? { status & 0x7F == 0 ? nil : status & 0x7F }
        /// The exit code, if it ended by itself.
        var exitCode: Int32 { status >> 8 & 0xFF }
    }

    /// The process's id.
    let id: pid_t
    /// The ends of pipes to read standard output and standard error from; -1 once they have ended.
    private(set) var outputs: (Int32, Int32)
    private var pending: [[UInt8]] = [[], []]
    private var end: End?
    private let running: RunningProcess?

    /// Starts a program.
    /// - Parameter running: what other threads know the process by. It is then in a process group of its own, so that
    ///   Ctrl-C on the terminal is this program's business alone.
    init(
        _ executable: String, environment: [String: String], running: RunningProcess? = nil
    ) throws(LocalRuntimeError) {
        self.running = running
        let output = try Self.pipe()
        let error: (read: Int32, write: Int32)
        do { error = try Self.pipe() } catch {
            close(output.read)
            close(output.write)
            throw error
        }
        defer {
            close(output.write)
            close(error.write)
        }
        outputs = (output.read, error.read)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output.write, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, error.write, STDERR_FILENO)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        if running != nil { Self.isolate(&attributes) }
        var process: pid_t = 0
        let entries = environment.map { "\($0.key)=\($0.value)" }
        let status = Self.withCStrings([executable]) { arguments in
            Self.withCStrings(entries) { posix_spawn(&process, executable, &actions, &attributes, arguments, $0) }
        }
        id = process
        guard status == 0 else {
            close(output.read)
            close(error.read)
            outputs = (-1, -1)
            end = End(status: 0, peakMemoryBytes: nil)
            throw LocalRuntimeError("\(executable) cannot be started: \(String(cString: strerror(status)))")
        }
        running?.started(process)
    }

    /// A process group of its own, and no signal held back, whatever this program does with them.
    private static func isolate(_ attributes: inout posix_spawnattr_t) {
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))
    }

    deinit {
        kill()
        if outputs.0 >= 0 { close(outputs.0) }
        if outputs.1 >= 0 { close(outputs.1) }
    }

    /// Ends the process, whatever it is doing, and waits until it is gone.
    @discardableResult
    func kill() -> End {
        if end == nil { Glibc.kill(id, SIGKILL) }
        return reap(waiting: true) ?? End(status: 0, peakMemoryBytes: nil)
    }

    /// How the process ended, if it has.
    func ended() -> End? { reap(waiting: false) }

    private func reap(waiting: Bool) -> End? {
        if let end { return end }
        guard let running else { return wait(waiting) }
        return running.ending { wait(waiting) }
    }

    private func wait(_ waiting: Bool) -> End? {
        var status: Int32 = 0
        var usage = rusage()
        while true {
            let reaped = wait4(id, &status, waiting ? 0 : WNOHANG, &usage)
            if reaped == id {
                // The kernel starts a child's count with what its parent had resident when it became another program.
                var own = rusage()
                getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &own)
                let peak = usage.ru_maxrss > own.ru_maxrss ? usage.ru_maxrss * 1024 : nil
                end = End(status: status, peakMemoryBytes: peak)
                return end
            }
            guard reaped < 0, errno == EINTR else { return nil }
        }
    }

    /// The most memory that the living process has had resident, in bytes, as the kernel counts it.
    var peakMemoryBytes: Int? {
        guard let file = fopen("/proc/\(id)/status", "re") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        while fgets(&line, Int32(line.count), file) != nil {
            let text = line.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
            guard text.hasPrefix("VmHWM:") else { continue }
            return text.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Int($0) }
                .map { $0 * 1024 }
        }
        return nil
    }

    // MARK: - Output

    /// Hands over the whole lines that have been written so far, without waiting. A last line without its end comes
    /// when its stream ends.
    func readLines(_ take: (String) -> Void) {
        outputs.0 = read(outputs.0, 0, take)
        outputs.1 = read(outputs.1, 1, take)
    }

    private func read(_ descriptor: Int32, _ stream: Int, _ take: (String) -> Void) -> Int32 {
        guard descriptor >= 0 else { return -1 }
        var piece = [UInt8](repeating: 0, count: 16 * 1024)
        while true {
            let count = Glibc.read(descriptor, &piece, piece.count)
            if count > 0 {
                pending[stream] += piece[..<count]
                while let feed = pending[stream].firstIndex(of: 0x0A) {
                    take(String(decoding: pending[stream][..<feed], as: UTF8.self))
                    pending[stream].removeSubrange(...feed)
                }
            } else if count == 0 {
                if !pending[stream].isEmpty { take(String(decoding: pending[stream], as: UTF8.self)) }
                pending[stream] = []
                close(descriptor)
                return -1
            } else if errno != EINTR {
                return descriptor
            }
        }
    }

    // MARK: - C

    /// A pipe whose reading end never waits.
    private static func pipe() throws(LocalRuntimeError) -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        guard Glibc.pipe(&ends) == 0 else {
            throw LocalRuntimeError("no pipe can be made: \(String(cString: strerror(errno)))")
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
        return (ends[0], ends[1])
    }

    private static func withCStrings<Result>(
        _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var copies: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
        copies.append(nil)
        defer { for copy in copies { free(copy) } }
        return copies.withUnsafeMutableBufferPointer { body($0.baseAddress!) }
    }
}
