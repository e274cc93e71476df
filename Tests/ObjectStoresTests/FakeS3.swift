import HTTPTransport
import Iceberg
import ObjectStores
import TestSupport

@testable import AWS

/// Objects in memory behind the protocol of S3, and a script of faults: what a store is tested against without a network.
final class FakeS3 {
    typealias Reply = Result<HTTPResponse, HTTPFailure>

    /// The objects, by `bucket/key`.
    var objects: [String: [UInt8]] = [:]
    /// What is answered instead of the real answer to requests whose `METHOD path?query` starts with a text; each once.
    var faults: [(request: String, reply: Reply, acts: Bool)] = []
    /// Keys that one page of a listing has.
    var pageSize = 1000
    /// The requests that were sent at once, as `METHOD path?query`.
    private(set) var waves: [[String]] = []

    var requests: [String] { waves.flatMap { $0 } }

    func store(_ plan: S3UploadPlan = S3UploadPlan()) throws -> S3ObjectStore {
        let configuration = try AWSConfiguration(environment: [
            "AWS_REGION": "eu-west-1", "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:1",
        ])
        let client = ServiceClient(
            configuration,
            credentials: StaticCredentials(Credentials(accessKeyID: "AK", secretAccessKey: "SK")),
            deadline: RequestDeadline(),
            surroundings: ServiceSurroundings(nowMs: { 1_000 }, random: ZeroGenerator(), sleep: { _ in }),
            send: { requests in
                let replies = self.take(requests)
                return { replies }
            })
        return S3ObjectStore(S3(client), plan: plan)
    }

    func location(_ key: String) -> String { "s3://lake/\(key)" }

    func put(_ store: S3ObjectStore, _ keys: [String], _ bytes: [UInt8] = [1, 2, 3]) -> [PutResult] {
        store.put(keys.map { NewFile(location: location($0), bytes: bytes) })
    }

    static func response(_ status: Int, _ body: String = "", _ fields: [String: String] = [:]) -> Reply {
        .success(
            HTTPResponse(
                status: status,
                fields: fields.map { HTTPField($0.key, $0.value) } + [HTTPField("x-amz-request-id", "R1")],
                body: Array(body.utf8)))
    }

    static func refusal(_ status: Int, _ code: String) -> Reply {
        response(status, "<Error><Code>\(code)</Code><Message>m</Message></Error>")
    }

    static let lost = Reply.failure(HTTPFailure(.connectionLost, "lost", mayHaveActed: true))

    private func take(_ requests: [HTTPRequest]) -> [Reply] {
        let names = requests.map { "\($0.method.rawValue) \($0.url.dropFirst("http://127.0.0.1:1".count))" }
        waves.append(names)
        return zip(requests, names).map { request, name in
            guard let index = faults.firstIndex(where: { name.hasPrefix($0.request) }) else { return answer(request) }
            let fault = faults.remove(at: index)
            if fault.acts { _ = answer(request) }
            return fault.reply
        }
    }

    private func answer(_ request: HTTPRequest) -> Reply {
        let parts = request.url.dropFirst("http://127.0.0.1:1/".count).split(
            separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let name = PercentEncoding.decode(parts[0]) ?? ""
        let query = parts.count > 1 ? Self.query(String(parts[1])) : [:]
        let isBucket = name.hasSuffix("/")
        guard name.hasPrefix("lake/") else { return Self.refusal(404, "NoSuchBucket") }
        switch request.method {
        case .put:
            if query["partNumber"] != nil { return Self.response(200, "", ["ETag": "\"p\""]) }
            if objects[name] != nil { return Self.refusal(412, "PreconditionFailed") }
            objects[name] = request.body
            return Self.response(200, "", ["ETag": "\"e\""])
        case .post: return delete(request.body)
        case .delete:
            objects[name] = nil
            return Self.response(204)
        case .head where isBucket: return Self.response(200)
        case .get where isBucket: return page(query)
        case .head, .get:
            guard let bytes = objects[name] else { return Self.refusal(404, "NoSuchKey") }
            let fields = [
                HTTPField("ETag", "\"e\""), HTTPField("Content-Length", String(bytes.count)),
                HTTPField("x-amz-checksum-sha256", S3Checksum(of: bytes).text),
            ]
            return .success(HTTPResponse(status: 200, fields: fields, body: request.method == .get ? bytes : []))
        }
    }

    private func delete(_ body: [UInt8]) -> Reply {
        guard let root = try? XMLElement.read(body) else { return Self.refusal(400, "MalformedXML") }
        for object in root.all("Object") { objects["lake/\(object.text(of: "Key") ?? "")"] = nil }
        return Self.response(200, "<DeleteResult/>")
    }

    private func page(_ query: [String: String]) -> Reply {
        let start = Int(query["continuation-token"] ?? "") ?? 0
        let keys = objects.keys.map { String($0.dropFirst("lake/".count)) }
            .filter { $0.hasPrefix(query["prefix"] ?? "") }.sorted()
        let contents = keys[min(start, keys.count)...].prefix(pageSize).map { key in
            "<Contents><Key>\(PercentEncoding.encode(key))</Key><LastModified>1970-01-01T00:00:01.000Z</LastModified>"
                + "<Size>\(objects["lake/\(key)"]?.count ?? 0)</Size></Contents>"
        }
        let isTruncated = start + pageSize < keys.count
        let next = isTruncated ? "<NextContinuationToken>\(start + pageSize)</NextContinuationToken>" : ""
        return Self.response(
            200,
            "<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>\(isTruncated)</IsTruncated>\(next)"
                + contents.joined() + "</ListBucketResult>")
    }

    private static func query(_ text: String) -> [String: String] {
        var values: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            values[String(parts[0])] = parts.count > 1 ? PercentEncoding.decode(parts[1]) ?? "" : ""
        }
        return values
    }
}
