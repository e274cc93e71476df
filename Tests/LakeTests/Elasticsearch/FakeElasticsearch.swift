import AWS
import Avro
import HTTPTransport
import JSON
import TestSupport

@testable import Lake

/// An index in memory that keeps the document of the highest version, and fails at random, beside a clock that only
/// waiting moves.
final class FakeElasticsearch {
    /// Price by document id.
    private(set) var prices: [String: Double] = [:]
    private(set) var requests = 0
    private var versions: [String: UInt64] = [:]
    private var hasTemplate = false
    private var generator: SeededGenerator
    private let isFaulty: Bool
    private let maximumBytes: Int
    private var nowMs: Int64 = 1_790_000_000_000

    init(seed: UInt64, isFaulty: Bool, maximumBytes: Int = .max) {
        generator = SeededGenerator(seed: seed)
        self.isFaulty = isFaulty
        self.maximumBytes = maximumBytes
    }

    /// What indexes into it.
    func elasticsearch() throws -> Elasticsearch {
        let surroundings = ServiceSurroundings(
            nowMs: { self.nowMs }, random: SeededGenerator(seed: 1), sleep: { self.nowMs += $0 })
        let client = ServiceClient(
            try AWSConfiguration(environment: [:]),
            credentials: StaticCredentials(Credentials(accessKeyID: "A", secretAccessKey: "S")),
            deadline: RequestDeadline(), surroundings: surroundings
        ) { requests in { requests.map(self.answer) } }
        return Elasticsearch(try ElasticsearchSettings(["ELASTICSEARCH_URL": "http://localhost:9200"]), client)
    }

    private func answer(_ request: HTTPRequest) -> Result<HTTPResponse, HTTPFailure> {
        requests += 1
        if request.url.contains("/_index_template/") {
            if request.method == .put { hasTemplate = true }
            return .success(HTTPResponse(status: hasTemplate ? 200 : 404, body: Array("{}".utf8)))
        }
        guard let text = try? Inflater.inflate(request.body, .gzip) else { return .success(HTTPResponse(status: 400)) }
        if text.count > maximumBytes { return .success(HTTPResponse(status: 413)) }
        let chance = isFaulty ? Int(generator.next() % 10) : 9
        if chance == 0 { return .success(HTTPResponse(status: 503)) }
        if chance == 1 { return .failure(HTTPFailure(.connectionLost, "before", mayHaveActed: false)) }
        let reply = index(text)
        if chance == 2 { return .failure(HTTPFailure(.connectionLost, "after", mayHaveActed: true)) }
        return .success(HTTPResponse(status: 200, body: reply))
    }

    private func index(_ text: [UInt8]) -> [UInt8] {
        let lines = text.split(separator: UInt8(ascii: "\n")).compactMap { try? JSONValue(parsing: Array($0)) }
        var items: [JSONValue] = []
        for place in stride(from: 0, to: lines.count, by: 2) {
            guard let id = lines[place]["index"]?["_id"]?.string,
                let version = lines[place]["index"]?["version"]?.integer.map({ UInt64($0) }),
                let price = lines[place + 1]["price_crypto"]?.double
            else { return [] }
            var status = 201
            if isFaulty, generator.next() % 8 == 0 {
                status = 429
            } else if let held = versions[id], held >= version {
                status = 409
            } else {
                versions[id] = version
                prices[id] = price
            }
            items.append(.object([("index", .object([("status", .integer(status))]))]))
        }
        return JSONValue.object([("items", .array(items))]).serialized()
    }
}
