internal import Glibc
internal import JSON

/// Lambda's Runtime API on this machine, for one function: starts its process, gives it events one after another, and
/// says what became of each. A process that crashed, gave up or was too slow is started anew for the next event, as
/// Lambda does.
///
///     let runtime = try LocalRuntime(executable: path, environment: environment, timeoutSeconds: 60)
///     let report = try runtime.invoke(event)
final class LocalRuntime {
    private let executable: String
    private let environment: [String: String]
    private let timeoutSeconds: Double
    private let onLog: (String) -> Void
    private let running: RunningProcess?
    private let listener: LoopbackListener
    private var process: FunctionProcess?
    /// The connection on which the process waits for an event.
    private var waiting: Int32?
    private var invocation: LocalInvocation?
    private var logLines: [String] = []

    /// Lambda's own limits: for initialisation, and for the bytes of a response.
    private static let initialisationSeconds = 10.0
    /// A day: whoever asks for more means no limit.
    private static let longestSeconds = 86_400.0
    private static let maximumResponseBytes = 6 * 1024 * 1024 + 100
    private static let apiPath = "/2018-06-01/runtime/"

    /// Prepares to run a function. Its environment is just this one, and the address of the Runtime API.
    /// - Parameters:
    ///   - running: what other threads know the process by; nil if they need not.
    ///   - onLog: called with each line that the function writes, as it comes.
    init(
        executable: String, environment: [String: String], timeoutSeconds: Double, running: RunningProcess? = nil,
        onLog: @escaping (String) -> Void = { _ in }
    ) throws(LocalRuntimeError) {
        self.executable = executable
        self.running = running
        self.timeoutSeconds = min(max(timeoutSeconds, 0.001), Self.longestSeconds)
        self.onLog = onLog
        listener = try LoopbackListener()
        self.environment = environment.merging(["AWS_LAMBDA_RUNTIME_API": "127.0.0.1:\(listener.port)"]) { $1 }
    }

    /// Gives several events to one function.
    /// - Parameter onReport: called after each event, for whoever shows progress.
    static func run(
        executable: String, environment: [String: String], events: [[UInt8]], timeoutSeconds: Double,
        onLog: @escaping (String) -> Void = { _ in }, onReport: (InvocationReport) -> Void = { _ in }
    ) throws(LocalRuntimeError) -> [InvocationReport] {
        let runtime = try LocalRuntime(
            executable: executable, environment: environment, timeoutSeconds: timeoutSeconds, onLog: onLog)
        var reports: [InvocationReport] = []
        for event in events {
            let report = try runtime.invoke(event)
            onReport(report)
            reports.append(report)
        }
        return reports
    }

    /// Gives one event to the function, and waits for what becomes of it.
    func invoke(_ event: [UInt8]) throws(LocalRuntimeError) -> InvocationReport {
        var invocation = LocalInvocation(event: event, created: Self.now())
        logLines = []
        if process?.ended() != nil { forgetProcess() }
        if process == nil {
            process = try FunctionProcess(executable, environment: environment, running: running)
            invocation.started = Self.now()
        }
        self.invocation = invocation
        handOver()
        while let current = self.invocation {
            if let outcome = current.outcome { return finish(current, outcome) }
            wait(for: current)
        }
        throw LocalRuntimeError("the invocation was lost")
    }

    /// Ends the function's process. The next event starts another.
    func stop() { forgetProcess() }

    // MARK: - The life of one invocation

    /// Waits until something happens or the time is up, and deals with it.
    private func wait(for current: LocalInvocation) {
        let (began, seconds) =
            current.handedOver.map { ($0, timeoutSeconds) }
            ?? (current.started ?? current.created, max(Self.initialisationSeconds, timeoutSeconds))
        let rest = began + seconds - Self.now()
        guard rest > 0 else {
            invocation?.peakMemoryBytes = process?.peakMemoryBytes
            process?.kill()
            readLogs()
            invocation?.outcome = .timeout(seconds: seconds)
            return
        }
        var descriptors = listener.descriptors
        if let process {
            descriptors += [process.outputs.0, process.outputs.1].filter { $0 >= 0 }
        }
        var polled = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        // A process whose outputs another one holds can end unseen: look now and then.
        poll(&polled, nfds_t(polled.count), Int32(min(rest * 1000 + 1, 50)))
        let end = process?.ended()
        listener.receive()
        while let (connection, request) = listener.nextRequest() { answer(request, on: connection) }
        for connection in listener.dropEnded() where connection == waiting { waiting = nil }
        readLogs()
        guard let end, var ended = invocation, ended.outcome == nil else { return }
        ended.peakMemoryBytes = end.peakMemoryBytes
        ended.outcome =
            ended.initialisationError ?? end.signal.map { .crash(signal: $0) } ?? .exit(status: end.exitCode)
        invocation = ended
    }

    private func finish(_ current: LocalInvocation, _ outcome: InvocationReport.Outcome) -> InvocationReport {
        let end = current.answered ?? Self.now()
        let peakMemoryBytes = current.peakMemoryBytes ?? process?.peakMemoryBytes
        readLogs()
        invocation = nil
        if process?.ended() != nil { forgetProcess() }
        return InvocationReport(
            requestID: current.requestID, outcome: outcome,
            durationMilliseconds: current.handedOver.map { (end - $0) * 1000 },
            initialisationMilliseconds: current.initialisationMilliseconds,
            peakMemoryBytes: current.handedOver == nil ? nil : peakMemoryBytes,
            logLines: logLines)
    }

    private func readLogs() {
        process?.readLines { line in
            logLines.append(line)
            onLog(line)
        }
    }

    private func forgetProcess() {
        process?.kill()
        process = nil
        waiting = nil
        listener.closeConnections()
    }

    // MARK: - The API

    private func answer(_ request: RuntimeRequest, on connection: Int32) {
        guard request.path.hasPrefix(Self.apiPath) else { return refuse(connection, 404) }
        let call = request.path.dropFirst(Self.apiPath.count).split(separator: "/", omittingEmptySubsequences: false)
        switch (request.method, call.count) {
        case ("GET", 2) where call[0] == "invocation" && call[1] == "next":
            waiting = connection
            handOver()
        case ("POST", 2) where call[0] == "init" && call[1] == "error":
            let (type, message) = Self.failure(request)
            invocation?.initialisationError = .initialisationError(type: type, message: message)
            accept(connection)
        case ("POST", 3) where call[0] == "invocation" && (call[2] == "response" || call[2] == "error"):
            guard let invocation, invocation.handedOver != nil, invocation.requestID == call[1],
                invocation.outcome == nil
            else { return refuse(connection, 400) }
            if call[2] == "error" {
                let (type, message) = Self.failure(request)
                complete(.functionError(type: type, message: message), connection)
            } else if request.body.count > Self.maximumResponseBytes {
                refuse(connection, 413)
            } else {
                complete(.response(request.body), connection)
            }
        default: refuse(connection, 404)
        }
    }

    /// Hands the event over if the process waits for one and there is one.
    private func handOver() {
        guard let connection = waiting, let current = invocation, current.handedOver == nil else { return }
        waiting = nil
        let now = Self.now()
        if let started = current.started { invocation?.initialisationMilliseconds = (now - started) * 1000 }
        invocation?.handedOver = now
        let name = executable.split(separator: "/").last.map(String.init) ?? executable
        listener.send(
            connection, status: 200,
            headers: [
                ("Lambda-Runtime-Aws-Request-Id", current.requestID),
                ("Lambda-Runtime-Deadline-Ms", String(Self.wallMilliseconds() + Int64(timeoutSeconds * 1000))),
                ("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:local:000000000000:function:\(name)"),
            ], body: current.event)
    }

    private func complete(_ outcome: InvocationReport.Outcome, _ connection: Int32) {
        invocation?.answered = Self.now()
        invocation?.outcome = outcome
        accept(connection)
    }

    private func accept(_ connection: Int32) {
        listener.send(connection, status: 202, body: Array("{\"status\":\"OK\"}".utf8))
    }

    private func refuse(_ connection: Int32, _ status: Int) {
        listener.send(connection, status: status, body: Array("{\"errorType\":\"Refused\"}".utf8))
    }

    /// Type and message of a report; its header's type if the body has none.
    private static func failure(_ request: RuntimeRequest) -> (type: String, message: String) {
        let body = try? JSONValue(parsing: request.body)
        return (
            body?["errorType"]?.string ?? request.errorType ?? "Unknown",
            body?["errorMessage"]?.string ?? String(decoding: request.body.prefix(1024), as: UTF8.self)
        )
    }

    // MARK: - Time

    /// Seconds on a clock that nobody sets.
    private static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func wallMilliseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
