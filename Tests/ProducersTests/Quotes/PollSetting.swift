import AWS
import HTTPTransport
import JSON
import Kafka
import Lake
import LambdaRuntime
import TestSupport

@testable import Producers

/// A handler of poll-quotes between an Alpaca and a cluster that do as a test says, and a clock that only they move.
final class PollSetting {
    /// What Alpaca, or Secrets Manager, answers.
    enum Reply: Sendable {
        case ok(String)
        case status(Int, String = "", retryAfter: String? = nil)
        case silence
    }

    /// Answers Alpaca's requests in turn, the last for ever.
    var replies: [Reply] = [.ok(PollSetting.two)]
    /// What Secrets Manager holds; nil if it answers nothing.
    var secret: String?
    /// How long a request takes, in milliseconds.
    var requestMs: Int64 = 100
    let clock = ManualClock()
    let cluster: ScriptedSink
    /// Requests that went to Alpaca.
    private(set) var requests: [HTTPRequest] = []
    /// Requests that went to Secrets Manager.
    private(set) var secretRequests = 0
    /// The deadline of each request, in milliseconds since the epoch.
    private(set) var deadlines: [Int64] = []
    /// Lines of metrics.
    let lines = Lines()
    private var handler: PollQuotes?

    static let two = #"{"bars":{"BTC/USD":{"c":1.0},"ETH/USD":{"c":2.50}}}"#
    static let definition = """
        {"databases": [{"name": "db"}, {"name": "lake_db"}],
         "tables": [{"name": "db.q", "columns": [{"name": "asset_id", "type": "string"},
           {"name": "asset_type", "type": "string"}, {"name": "start_window", "type": "timestamp"},
           {"name": "end_window", "type": "timestamp"}, {"name": "price_crypto", "type": "double"},
           {"name": "ref_date", "type": "date"}]}],
         "streams": [{"name": "s", "source": {"kind": "kafka", "topic": "the-topic"}, "table": "db.q",
           "decoder": "bars", "onBadRecord": "drop"}],
         "quotes": {"stream": "s", "symbols": ["BTC/USD", "ETH/USD"]}}
        """

    init(_ environment: [String: String] = [:], definition: String = PollSetting.definition) throws {
        cluster = ScriptedSink(clock)
        let definition = try LakeDefinition(parsing: Array(definition.utf8))
        let deadline = RequestDeadline()
        let clock = clock
        let client = ServiceClient(
            try AWSConfiguration(environment: ["AWS_REGION": "eu-west-1"]), credentials: NoCredentials(),
            deadline: deadline,
            surroundings: ServiceSurroundings(
                nowMs: { clock.nowMs }, random: ZeroGenerator(), sleep: { clock.sleep($0) }),
            send: { [unowned self] requests in
                deadlines.append(deadline.milliseconds ?? -1)
                return { requests.map { self.answer($0, until: deadline.milliseconds ?? .max) } }
            })
        let cluster = cluster
        handler = try PollQuotes(
            LakeServices(definition, client: client, credentials: NoCredentials(), deadline: deadline), environment,
            RecordDelivery(clock.wallClock) { try cluster.opened() }, clock.wallClock, sleep: { clock.sleep($0) })
    }

    /// Runs the function once and returns its reply.
    func run(_ event: String = "{}", timeMs: Int64 = 90_000) throws -> JSONValue {
        let context = clock.context(timeMs: timeMs, lines: lines.writer)
        let event = try JSONEvent(EventBuffer(Array(event.utf8)))
        guard let reply = try handler?.handle(event, context) else { throw CancellationError() }
        context.metrics.flush()
        return try JSONValue(parsing: reply.bytes)
    }

    private func answer(_ request: HTTPRequest, until deadline: Int64) -> Result<HTTPResponse, HTTPFailure> {
        if request.url.hasPrefix("https://secretsmanager.") {
            secretRequests += 1
            guard let secret else { return .success(HTTPResponse(status: 400, body: Array(#"{"__type":"X"}"#.utf8))) }
            let body = JSONValue.object([(name: "SecretString", value: .string(secret))]).serialized()
            return .success(HTTPResponse(status: 200, body: body))
        }
        requests.append(request)
        switch replies.count > 1 ? replies.removeFirst() : replies[0] {
        case .ok(let body):
            clock.pass(requestMs)
            return .success(HTTPResponse(status: 200, body: Array(body.utf8)))
        case .status(let status, let body, let retryAfter):
            clock.pass(requestMs)
            return .success(
                HTTPResponse(
                    status: status, fields: retryAfter.map { [HTTPField("Retry-After", $0)] } ?? [],
                    body: Array(body.utf8)))
        case .silence:
            clock.nowMs = max(clock.nowMs, min(clock.nowMs + 1_000, deadline))
            return .failure(HTTPFailure(.timedOut, "no answer", mayHaveActed: true))
        }
    }
}

private final class NoCredentials: CredentialsProvider {
    func credentials() throws(ServiceError) -> Credentials {
        Credentials(accessKeyID: "AKID", secretAccessKey: "hidden")
    }
    func discard(_ credentials: Credentials) {}
}

/// A cluster that takes everything, unless a test says otherwise.
final class ScriptedSink: RecordSink {
    /// What it has taken.
    private(set) var records: [ProducerRecord] = []
    /// The time that each flush was given, in milliseconds.
    private(set) var flushes: [Int64] = []
    /// How often it was opened.
    private(set) var openings = 0
    /// The fault with which the next flushes end, each that of all records.
    var faults: [KafkaError] = []
    /// Whether it cannot be opened.
    var isShut = false
    /// Whether no record finds room.
    var isFull = false
    private var report = DeliveryReport()
    private var waiting: [ProducerRecord] = []
    private let clock: ManualClock

    init(_ clock: ManualClock) { self.clock = clock }

    func opened() throws(KafkaError) -> ScriptedSink {
        if isShut { throw KafkaError(.configuration, "the cluster is shut") }
        openings += 1
        return self
    }

    func send(_ record: ProducerRecord) throws(KafkaError) {
        guard !isFull else {
            let error = KafkaError(.queueFull, "the queue is full")
            fail(error)
            throw error
        }
        waiting.append(record)
    }

    func flush(withinMs: Int64) -> DeliveryReport {
        flushes.append(withinMs)
        defer {
            waiting = []
            report = DeliveryReport()
        }
        if faults.isEmpty {
            records += waiting
            report.delivered += waiting.count
        } else {
            let fault = faults.removeFirst()
            if fault.code == .timedOut { clock.pass(withinMs) }
            for _ in waiting { fail(fault) }
        }
        return report
    }

    private func fail(_ error: KafkaError) {
        report.undelivered += 1
        report.failures[error.code, default: DeliveryReport.Failure(error: error, count: 0)].count += 1
    }
}
