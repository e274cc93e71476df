import Synchronization

@testable import LambdaRuntime

/// One run of the loop against a scripted API, with everything it touches recorded. After its script the API answers
/// 500, which ends the loop.
struct LoopRun {
    final class Record: Sendable {
        let lines = Mutex<[String]>([])
        let traceIDs = Mutex<[String?]>([])
        let pauses = Mutex<[Int]>([])
    }

    let exitCode: Int32
    let requests: [ScriptedAPI.Request]
    let connections: Int
    let logLines: [String]
    let traceIDs: [String?]
    let pauses: [Int]

    var calls: [String] { requests.map(\.call) }

    static let time: Int64 = 1_700_000_000_123

    /// Runs a handler.
    init<Handler: LambdaHandler>(
        environment: [String: String] = [:], limits: HTTPResponseParser.Limits = .init(),
        _ answer: @escaping @Sendable (ScriptedAPI.Request, Int) -> ScriptedAPI.Reply,
        initialise: (InitContext) throws -> Handler
    ) {
        let api = ScriptedAPI(answer)
        defer { api.stop() }
        let record = Record()
        let loop = InvocationLoop(
            client: RuntimeClient(to: api.endpoint, limits: limits),
            surroundings: InvocationLoop.Surroundings(
                environment: environment, clock: WallClock { Self.time },
                writer: LineWriter { line in
                    record.lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
                },
                setTraceID: { traceID in record.traceIDs.withLock { $0.append(traceID) } },
                pause: { milliseconds in record.pauses.withLock { $0.append(milliseconds) } }))
        exitCode = loop.run(initialise)
        requests = api.requests
        connections = api.connections
        logLines = record.lines.withLock { $0 }
        traceIDs = record.traceIDs.withLock { $0 }
        pauses = record.pauses.withLock { $0 }
    }

    /// Runs a closure against replies in order.
    init(
        environment: [String: String] = [:], limits: HTTPResponseParser.Limits = .init(),
        replies: [ScriptedAPI.Reply],
        handler: @escaping (RawEvent, Context) throws -> LambdaResponse = { event, _ in
            LambdaResponse(event.bytes.copy)
        }
    ) {
        self.init(
            environment: environment, limits: limits, replies: replies, initialise: { _ in ClosureHandler(handler) })
    }

    /// Runs a handler against replies in order.
    init<Handler: LambdaHandler>(
        environment: [String: String] = [:], limits: HTTPResponseParser.Limits = .init(),
        replies: [ScriptedAPI.Reply], initialise: (InitContext) throws -> Handler
    ) {
        self.init(
            environment: environment, limits: limits,
            { _, index in index < replies.count ? replies[index] : .status(500) }, initialise: initialise)
    }
}
