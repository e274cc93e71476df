import AWS
import Foundation
import HTTPTransport
import JSON
@testable import Lake
import LambdaRuntime
import Logging
import Parquet
import TestSupport

/// A Kinesis that keeps what it takes, and fails as it is told.
final class FakeKinesis {
    /// What becomes of a call.
    enum Answer {
        /// All records are taken.
        case taken
        /// Every second record of a call is turned away.
        case half
        /// All records are turned away.
        case throttled
        /// There is no answer.
        case silence
        /// A status, and an error of this name.
        case fault(Int, String)
    }

    private(set) var records: [(data: [UInt8], key: String)] = []
    private(set) var streams: [String] = []
    var answers: [Answer] = [.taken]
    private var nowMs = TemporaryLake.nowMs

    func client(_ deadline: RequestDeadline) throws -> ServiceClient {
        ServiceClient(
            try AWSConfiguration(environment: ["AWS_REGION": "eu-west-1"]), credentials: SomeCredentials(),
            deadline: deadline,
            surroundings: ServiceSurroundings(
                nowMs: { self.nowMs }, random: ZeroGenerator(), sleep: { self.nowMs += $0 }),
            send: { requests in { requests.map { self.answer($0) } } })
    }

    private func answer(_ request: HTTPRequest) -> Result<HTTPResponse, HTTPFailure> {
        let body = (try? JSONValue(parsing: request.body)) ?? .null
        if let name = body["StreamName"]?.string ?? body["StreamARN"]?.string { streams.append(name) }
        var results: [JSONValue] = []
        switch answers.count > 1 ? answers.removeFirst() : answers[0] {
        case .silence: return .failure(HTTPFailure(.timedOut, "no answer", mayHaveActed: true))
        case .fault(let status, let code):
            return .success(HTTPResponse(status: status, body: Array(#"{"__type":"\#(code)"}"#.utf8)))
        case .taken: results = take(body) { _ in true }
        case .half: results = take(body) { $0.isMultiple(of: 2) }
        case .throttled: results = take(body) { _ in false }
        }
        let reply = JSONValue.object([("FailedRecordCount", .integer(0)), ("Records", .array(results))])
        return .success(HTTPResponse(status: 200, body: reply.serialized()))
    }

    private func take(_ body: JSONValue, _ isTaken: (Int) -> Bool) -> [JSONValue] {
        (body["Records"]?.elements ?? []).enumerated().map { index, record in
            guard isTaken(index) else {
                return .object([("ErrorCode", .string("ProvisionedThroughputExceededException"))])
            }
            let data = Data(base64Encoded: record["Data"]?.string ?? "") ?? Data()
            records.append((Array(data), record["PartitionKey"]?.string ?? ""))
            return .object([
                ("SequenceNumber", .string("\(records.count)")), ("ShardId", .string("shardId-000000000000")),
            ])
        }
    }

    final class SomeCredentials: CredentialsProvider {
        func credentials() throws(ServiceError) -> Credentials {
            Credentials(accessKeyID: "AKID", secretAccessKey: "hidden")
        }
        func discard(_ credentials: Credentials) {}
    }
}

/// A gateway in this process, the stream that it fills, and what it says.
final class GatewayRun {
    static let master = "0123456789abcdef0123456789abcdef"
    let kinesis = FakeKinesis()
    var nowMs = TemporaryLake.nowMs
    /// What was logged, and written as metrics.
    private(set) var written: [String] = []
    private var handler: EdgeGateway

    init(_ environment: [String: String] = [:], definition: String = GatewayRun.definition) throws {
        let deadline = RequestDeadline()
        let client = try kinesis.client(deadline)
        let services = LakeServices(
            try LakeDefinition(parsing: Array(definition.utf8)), client: client,
            credentials: FakeKinesis.SomeCredentials(),
            deadline: deadline)
        handler = try EdgeGateway(
            services,
            InitContext(
                environment: ["EDGE_MASTER_SECRET": Self.master].merging(environment) { $1 },
                log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                metrics: Metrics(namespace: "test", writer: LineWriter { _ in })))
    }

    /// A reply: status, fields of the head, and the body's value.
    struct Reply {
        let status: Int
        let headers: [String: String]
        let body: JSONValue
        var error: String? { body["error"]?.string }
        /// `index:reason` or `index:reason:field` of each rejected reading.
        var rejected: [String] {
            (body["rejected"]?.elements ?? []).map { reading in
                [reading["index"]?.integer.map(String.init), reading["reason"]?.string, reading["field"]?.string]
                    .compactMap(\.self).joined(separator: ":")
            }
        }
    }

    /// Sends a body as a device with a good token.
    func send(_ body: String, device: String = "7", _ type: String? = "application/json", gzip: Bool = false) throws
        -> Reply
    {
        let bytes = gzip ? Gzip.compress(Array(body.utf8)) ?? [] : Array(body.utf8)
        return try send(bytes, device: device, type, gzip ? "gzip" : nil)
    }

    func send(_ body: [UInt8], device: String = "7", _ type: String?, _ encoding: String?) throws -> Reply {
        var fields = ["authorization": token(device, body)]
        fields["content-type"] = type
        fields["content-encoding"] = encoding
        return try request(body: body, fields: fields)
    }

    func token(_ device: String, _ body: [UInt8], master: String = GatewayRun.master) -> String {
        guard let master = MasterSecret(Array(master.utf8)) else { return "" }
        let token = DeviceToken(
            device: device, expiry: nowMs / 1000 + 60, bodyHash: DeviceToken.hash(body),
            key: DeviceKey(of: device, from: master))
        return "Bearer \(token.text)"
    }

    func request(
        _ method: String = "POST", _ path: String = "/v1/readings", stage: String = "$default", body: [UInt8] = [],
        fields: [String: String] = [:]
    ) throws -> Reply {
        let event = JSONValue.object([
            ("version", .string("2.0")), ("rawPath", .string(path)), ("rawQueryString", .string("")),
            ("headers", .object(fields.map { ($0.key, .string($0.value)) })),
            (
                "requestContext",
                .object([
                    ("http", .object([("method", .string(method)), ("sourceIp", .string("192.0.2.1"))])),
                    ("requestId", .string("api-request")), ("stage", .string(stage)),
                    ("timeEpoch", .integer(nowMs)),
                ])
            ),
            ("body", .string(Data(body).base64EncodedString())), ("isBase64Encoded", .bool(true)),
        ])
        let lines = Lines()
        let now = nowMs
        let context = Context(
            requestID: "test", deadlineMilliseconds: now + 60_000,
            log: Logger(label: "test") { _ in LogLines(lines: lines) },
            metrics: Metrics(namespace: "test", writer: LineWriter { lines.add(String(decoding: $0, as: UTF8.self)) }),
            clock: WallClock { now })
        let response = try handler.handle(HTTPEvent(EventBuffer(event.serialized())), context)
        context.metrics.flush()
        written += lines.all
        let reply = try JSONValue(parsing: response.bytes)
        let headers = Dictionary(
            uniqueKeysWithValues: (reply["headers"]?.members ?? []).map { ($0.name, $0.value.string ?? "") })
        return Reply(
            status: Int(reply["statusCode"]?.integer ?? 0), headers: headers,
            body: try JSONValue(parsing: Array((reply["body"]?.string ?? "").utf8)))
    }

    /// The payloads that came into the stream.
    var payloads: [String] { kinesis.records.map { String(decoding: $0.data, as: UTF8.self) } }

    static let definition = """
        {"databases":[{"name":"db"}],
         "tables":[{"name":"db.readings","columns":[\(columns)]}],
         "streams":[{"name":"readings","source":{"kind":"kinesis","name":"sensors"},"table":"db.readings",
          "onBadRecord":"drop","gateway":{"device":"id"}}]}
        """
    static let columns =
        #"{"name":"id","type":"long"},{"name":"cpu","type":"double"},{"name":"at","type":"timestamp"},"#
        + #"{"name":"name","type":"string"},{"name":"small","type":"int"},{"name":"raw","type":"binary"},"#
        + #"{"name":"sender","type":"string","from":"@key","required":true},"#
        + #"{"name":"came","type":"timestamp","from":"@timestamp","required":true}"#
}

/// Lines of one invocation.
private final class Lines: @unchecked Sendable {
    // Only the thread of the test adds to it.
    private(set) var all: [String] = []
    func add(_ line: String) { all.append(line) }
}

private struct LogLines: LogHandler {
    let lines: Lines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }
    func log(event: LogEvent) { lines.add("\(event.level) \(event.message) \(event.metadata ?? [:])") }
}
