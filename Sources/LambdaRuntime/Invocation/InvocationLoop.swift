internal import Logging

/// Asks for invocations one after another, and answers each.
///
/// What the API's answers lead to: a status from 500 on ends the process, because Lambda says so for 500 and another
/// would be no kinder. `next` that fails otherwise (no connection, a body cut short, a status that is not 200) is asked
/// again, with growing pauses, at most ``maximumFailures`` times in a row. A response refused as too large is reported
/// as the invocation's error; one refused otherwise is logged. A report that is refused is logged. If the API is gone
/// when an invocation is answered, the process ends.
struct InvocationLoop {
    /// What the loop touches beside the API, so that a test can stand in for it.
    struct Surroundings {
        var environment: [String: String]
        var clock = WallClock.system
        var writer = LineWriter.standardOutput
        var metricsNamespace = "Swiftlake"
        /// Called before each invocation with its trace header.
        var setTraceID: (String?) -> Void
        /// Waits, in milliseconds.
        var pause: (Int) -> Void
    }

    /// `next` may fail this many times in a row.
    static let maximumFailures = 5

    private let client: RuntimeClient
    private let surroundings: Surroundings
    private let configuration: LogConfiguration
    private let log: Logger

    init(client: RuntimeClient, surroundings: Surroundings) {
        self.client = client
        self.surroundings = surroundings
        configuration = LogConfiguration(environment: surroundings.environment)
        log = Self.logger("runtime", nil, configuration, surroundings)
    }

    // MARK: - The loop

    /// Initialises the function and serves it until the API ends it; the process's exit code, which is never zero.
    func run<Handler: LambdaHandler>(_ initialise: (InitContext) throws -> Handler) -> Int32 {
        guard var handler = initialised(initialise) else { return 1 }
        var buffer = EventBuffer()
        var failures = 0
        while true {
            // A view that the handler kept goes on showing the event it was made for.
            if !isKnownUniquelyReferenced(&buffer) { buffer = EventBuffer() }
            let delivery: RuntimeClient.Delivery
            let requestID: String
            switch client.next(into: buffer) {
            case .invocation(let invocation):
                failures = 0
                requestID = invocation.requestID
                delivery = serve(invocation, buffer, &handler)
            case .unreadable(let id, let reason):
                failures = 0
                requestID = id
                delivery = client.report(FunctionFailure(type: "Event.TooLarge", message: reason), of: id)
            case .failed(let reason):
                failures += 1
                log.error("no invocation", metadata: ["reason": "\(reason)", "attempt": .stringConvertible(failures)])
                guard failures < Self.maximumFailures else { return 1 }
                if failures > 1 { surroundings.pause(10 << (failures - 2)) }
                continue
            case .unrecoverable(let status):
                log.critical("the Runtime API ends this environment", metadata: ["status": .stringConvertible(status)])
                return 1
            }
            guard goesOn(after: delivery, requestID) else { return 1 }
        }
    }

    private func initialised<Handler: LambdaHandler>(
        _ initialise: (InitContext) throws -> Handler
    ) -> Handler? {
        let metrics = Metrics(
            namespace: surroundings.metricsNamespace, clock: surroundings.clock, writer: surroundings.writer)
        defer { metrics.flush() }
        do {
            return try initialise(
                InitContext(
                    environment: surroundings.environment,
                    log: Self.logger("function", nil, configuration, surroundings),
                    metrics: metrics, clock: surroundings.clock))
        } catch {
            let failure = FunctionFailure(error)
            log.critical(
                "initialisation failed", metadata: ["type": "\(failure.type)", "reason": "\(failure.message)"])
            let delivery = client.reportInitialisation(failure)
            if delivery != .accepted { log.error("the report was not taken", metadata: ["outcome": "\(delivery)"]) }
            return nil
        }
    }

    // MARK: - One invocation

    /// A call of its own, so that the event and everything made from it is gone before the next is waited for.
    @inline(never)
    private func serve<Handler: LambdaHandler>(
        _ invocation: Invocation, _ buffer: EventBuffer, _ handler: inout Handler
    ) -> RuntimeClient.Delivery {
        surroundings.setTraceID(invocation.traceID)
        let context = context(invocation)
        let outcome = Result { try handler.handle(Handler.Event(buffer), context) }
        context.metrics.flush()
        switch outcome {
        case .success(let response):
            let delivery = client.respond(to: invocation.requestID, response)
            switch delivery {
            case .tooLarge:
                return fail(
                    FunctionFailure(
                        type: "Function.ResponseSizeTooLarge",
                        message: "the response has \(response.bytes.count) bytes, which Lambda refuses"), context)
            case .lost(let reason):
                // If a large response was what broke the connection, the report still gets through.
                return fail(FunctionFailure(type: "Runtime.ResponseNotDelivered", message: reason), context)
            case .accepted, .refused, .unrecoverable: return delivery
            }
        case .failure(let error): return fail(FunctionFailure(error), context)
        }
    }

    private func fail(_ failure: FunctionFailure, _ context: Context) -> RuntimeClient.Delivery {
        context.log.error(
            "invocation failed", metadata: ["type": "\(failure.type)", "reason": "\(failure.message)"])
        return client.report(failure, of: context.requestID)
    }

    private func goesOn(after delivery: RuntimeClient.Delivery, _ requestID: String) -> Bool {
        switch delivery {
        case .accepted: return true
        case .tooLarge, .refused:
            log.error("the API refused the outcome", metadata: ["outcome": "\(delivery)", "of": "\(requestID)"])
            return true
        case .unrecoverable, .lost:
            log.critical("the API is gone", metadata: ["outcome": "\(delivery)", "of": "\(requestID)"])
            return false
        }
    }

    private func context(_ invocation: Invocation) -> Context {
        Context(
            requestID: invocation.requestID, deadlineMilliseconds: invocation.deadlineMilliseconds,
            invokedFunctionARN: invocation.invokedFunctionARN, traceID: invocation.traceID,
            clientContext: invocation.clientContext, cognitoIdentity: invocation.cognitoIdentity,
            tenantID: invocation.tenantID,
            log: Self.logger("function", invocation.requestID, configuration, surroundings),
            metrics: Metrics(
                namespace: surroundings.metricsNamespace, requestID: invocation.requestID,
                clock: surroundings.clock, writer: surroundings.writer),
            clock: surroundings.clock)
    }

    private static func logger(
        _ label: String, _ requestID: String?, _ configuration: LogConfiguration, _ surroundings: Surroundings
    ) -> Logger {
        Logger(
            label: label,
            factory: { label in
                LambdaLogHandler(
                    label: label, requestID: requestID, configuration: configuration, clock: surroundings.clock,
                    writer: surroundings.writer)
            })
    }
}
