import AWS
import HTTPTransport
import Iceberg
import TestSupport
import Testing

@testable import Lake

/// S3 as one answer to every request, beside a clock that only waiting moves.
private final class OneAnswer {
    private(set) var requests: [HTTPRequest] = []
    /// The deadline at each request.
    private(set) var deadlines: [Int64?] = []
    let deadline = RequestDeadline()
    static let startMs: Int64 = 1_795_000_000_000
    private var nowMs = OneAnswer.startMs
    private let answer: Result<HTTPResponse, HTTPFailure>

    init(_ answer: Result<HTTPResponse, HTTPFailure>) { self.answer = answer }

    convenience init(_ body: [UInt8], status: Int = 200) {
        self.init(.success(HTTPResponse(status: status, fields: [HTTPField("ETag", "\"e\"")], body: body)))
    }

    private func client() throws -> ServiceClient {
        let environment = ["AWS_REGION": "eu-west-1", "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:1"]
        return ServiceClient(
            try AWSConfiguration(environment: environment),
            credentials: StaticCredentials(Credentials(accessKeyID: "AKID", secretAccessKey: "hidden")),
            deadline: deadline,
            surroundings: ServiceSurroundings(
                nowMs: { self.nowMs }, random: ZeroGenerator(), sleep: { self.nowMs += $0 }),
            send: { requests in
                self.requests += requests
                self.deadlines += requests.map { _ in self.deadline.milliseconds }
                return { requests.map { _ in self.answer } }
            })
    }

    func read(_ location: String) throws -> LakeDefinition {
        try DefinitionFile.read([location], client, deadline, nowMs: nowMs)
    }

    func error(_ location: String) -> String {
        let error = #expect(throws: DefinitionFileError.self) { try read(location) }
        #expect(error?.path == location)
        return error?.description ?? ""
    }
}

@Suite struct StoredDefinitionTests {
    private static let text = Array(SampleDefinition().text.utf8)
    private static let place = "s3://lake/definitions/lake.json"

    @Test func isReadInOneRequestFromWhereItLies() throws {
        let s3 = OneAnswer(Self.text)
        #expect(try s3.read(Self.place).streams.map(\.name) == ["s"])
        #expect(s3.requests.map(\.url) == ["http://127.0.0.1:1/lake/definitions/lake.json"])
        #expect(s3.requests.first?.fields.contains { $0.name.lowercased() == "authorization" } == true)
    }

    @Test func endsBeforeInitialisationDoesAndLeavesTheDeadlineAsItWas() throws {
        let s3 = OneAnswer(Self.text)
        _ = try s3.read(Self.place)
        #expect(s3.deadlines == [OneAnswer.startMs + 6_000] && s3.deadline.milliseconds == nil)
        s3.deadline.milliseconds = OneAnswer.startMs + 10
        _ = try? s3.read(Self.place)
        #expect(s3.deadlines.last == OneAnswer.startMs + 10)
        #expect(s3.deadline.milliseconds == OneAnswer.startMs + 10)
    }

    @Test(arguments: [false, true])
    func mustBeWhatTheHashInItsNameSays(isUpperCase: Bool) throws {
        let hash = SHA256.hex(Self.text)
        let name = "s3://lake/definitions/\(isUpperCase ? hash.uppercased() : hash).json"
        #expect(try OneAnswer(Self.text).read(name).streams.count == 1)
        let other = Self.text + [UInt8(ascii: " ")]
        let message = OneAnswer(other).error(name)
        #expect(message.hasPrefix("\(name): the lake definition is not the one that its name stands for"))
        #expect(message.contains(SHA256.hex(other)) && message.contains("LAKE_DEFINITION"))
    }

    /// Names that are no hash, although they look like one.
    @Test(arguments: [
        String(repeating: "a", count: 63) + ".json", String(repeating: "a", count: 65) + ".json",
        String(repeating: "a", count: 64), String(repeating: "a", count: 64) + ".txt",
        String(repeating: "g", count: 64) + ".json", String(repeating: "a", count: 64) + ".json/lake.json",
        String(repeating: "٣", count: 64) + ".json",
    ])
    func otherNamesSayNothing(_ name: String) throws {
        #expect(try OneAnswer(Self.text).read("s3://lake/\(name)").streams.count == 1)
    }

    @Test(
        arguments: [
            (404, "NoSuchKey", ["GetObject: NoSuchKey [404]", "put the lake.json there, or correct LAKE_DEFINITION"]),
            (404, "NoSuchBucket", ["NoSuchBucket", "create the bucket"]),
            (403, "AccessDenied", ["AccessDenied", "allow it to the role"]),
            (403, "SignatureDoesNotMatch", ["SignatureDoesNotMatch", "AWS_SECRET_ACCESS_KEY"]),
            (503, "SlowDown", ["SlowDown", "after 4 attempts"]),
        ] as [(Int, String, [String])])
    func whatS3RefusesIsToldInOneLine(_ status: Int, _ code: String, _ words: [String]) {
        let body = "<Error><Code>\(code)</Code><Message>no</Message><RequestId>R1</RequestId></Error>"
        let message = OneAnswer(Array(body.utf8), status: status).error(Self.place)
        #expect(message.hasPrefix("\(Self.place): the lake definition cannot be read: s3 GetObject: "), "\(message)")
        for word in words { #expect(message.contains(word), "\(message)") }
        #expect(!message.contains("\n") && !message.contains("hidden"))
    }

    @Test(arguments: [.cannotConnect, .cannotResolve, .timedOut, .tls, .responseTooLarge] as [HTTPFailure.Code])
    func aWayThatFailsIsTold(_ code: HTTPFailure.Code) {
        let message = OneAnswer(.failure(HTTPFailure(code, "of no use", mayHaveActed: false))).error(Self.place)
        #expect(message.hasPrefix("\(Self.place): the lake definition cannot be read: s3 GetObject: \(code.rawValue)"))
    }

    @Test func isRefusedUnreadIfItIsTooLarge() throws {
        let s3 = OneAnswer(Self.text)
        _ = try s3.read(Self.place)
        #expect(s3.requests.first?.maximumResponseBytes == 16 << 20)
    }

    @Test(arguments: ["", "{", "[]", "{}"])
    func everyFaultOfTheTextNamesTheObject(_ text: String) {
        let lines = OneAnswer(Array(text.utf8)).error(Self.place).split(separator: "\n")
        #expect(!lines.isEmpty && lines.allSatisfy { $0.hasPrefix("\(Self.place): ") }, "\(lines)")
    }

    @Test func aFileNeedsNoService() throws {
        let error = #expect(throws: DefinitionFileError.self) {
            try DefinitionFile.read(
                ["/nowhere/lake.json"], { throw IcebergError(.invalid, "asked for") }, RequestDeadline(), nowMs: 0)
        }
        #expect(error?.reason == .missing)
    }
}

@Suite struct InitialisationTimeTests {
    @Test func nothingIsWaitedForLongerThanInitialisationLasts() {
        func end(_ startMs: Int64?, _ nowMs: Int64, _ limitMs: Int64) -> Int64 {
            InitialisationTime.end(startMs: startMs, nowMs: nowMs, limitMs: limitMs)
        }
        #expect(end(nil, 100, 6_000) == 6_100)
        #expect(end(0, 100, 6_000) == 6_100)
        #expect(end(0, 5_000, 6_000) == 8_000)
        // What comes after something slow still gets a try.
        #expect(end(0, 7_900, 6_000) == 8_900)
    }
}
