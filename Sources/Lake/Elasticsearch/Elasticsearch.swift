internal import AWS
internal import HTTPTransport
internal import Parquet

/// Elasticsearch 8 or OpenSearch: the few calls that indexing takes. One thread at a time may use it.
final class Elasticsearch {
    private let settings: ElasticsearchSettings
    private let client: ServiceClient
    private let secrets: SecretsManager
    /// Whether the invocation has asked for a newer secret already.
    private var hasRenewed = false

    init(_ settings: ElasticsearchSettings, _ client: ServiceClient) {
        self.settings = settings
        self.client = client
        secrets = SecretsManager(client)
    }

    private static let service = AWSService("elasticsearch")

    /// To be told when an invocation begins.
    func begin() { hasRenewed = false }

    /// Waits before documents are sent again that the server could not take.
    /// - Returns: false, without waiting, if there is no time for it.
    func pause(beforeRetry retry: Int) -> Bool { client.pause(beforeRetry: retry, .throttled) }

    // MARK: - Bulk

    /// What came of one `_bulk` request.
    enum BulkResult {
        /// The server read it: what became of each document.
        case outcomes([BulkOutcome])
        /// The server takes no request as large.
        case tooLarge
        /// It failed as a whole.
        case failed(ServiceError)
    }

    /// Indexes documents in one index, in several requests at once. They may come twice: versions make that harmless.
    /// - Throws: as ``ElasticsearchSettings/authorization(_:)``.
    func bulk(_ batches: [BulkQueue.Batch], into index: String) throws -> [BulkResult] {
        let bodies = batches.map { Gzip.compress($0.lines) }
        let responses = try sending { authorization in
            zip(batches, bodies).map { batch, body in
                var fields = [
                    HTTPField("content-type", "application/x-ndjson"), HTTPField("accept", "application/json"),
                ]
                if body != nil { fields.append(HTTPField("content-encoding", "gzip")) }
                return self.request(
                    "Bulk", .post, index: index, path: "/_bulk", query: Self.bulkQuery, fields: fields,
                    body: body ?? batch.lines,
                    maximumResponseBytes: min(64 << 20, 1 << 16 + Self.responseBytesOfOne * batch.documents.count),
                    authorization)
            }
        }
        return zip(batches, responses).map { batch, response in
            switch response {
            case .failure(let error): return error.status == 413 ? .tooLarge : .failed(error)
            case .success(let response): return Self.read(response, of: batch)
            }
        }
    }

    /// What of a reply is needed, which makes it shorter by far; a server that does not know of it answers all the same.
    private static let bulkQuery = [
        (name: "filter_path", value: "errors,items.*.status,items.*.error.type,items.*.error.reason")
    ]
    /// What a server may answer to one document, in bytes.
    private static let responseBytesOfOne = 4096

    private static func read(_ response: HTTPResponse, of batch: BulkQueue.Batch) -> BulkResult {
        do throws(BulkReply.Fault) {
            return .outcomes(try BulkReply.outcomes(response.body.span.bytes, count: batch.documents.count))
        } catch {
            return .failed(
                ServiceError(
                    .malformedReply, service: service.id, operation: "Bulk", code: "MalformedReply",
                    message: error.message,
                    advice: "check that \(ElasticsearchSettings.urlVariable) is Elasticsearch's or OpenSearch's",
                    status: response.status, mayHaveActed: true))
        }
    }

    // MARK: - Index template

    /// Whether there is a template of this name, and if not, makes it. Somebody else may be about to make one, too.
    /// - Throws: `ServiceError`; its kind is ``ServiceError/Kind/accessDenied`` if templates are not for this user, and
    ///   ``ServiceError/Kind/invalid`` if the server takes none such beside those it has.
    func createTemplateIfAbsent(_ index: String) throws {
        if try hasTemplate(index) { return }
        let created = try sending { authorization in
            [
                self.request(
                    "PutIndexTemplate", .put, path: Self.templatePath(index), query: [(name: "create", value: "true")],
                    fields: [HTTPField("content-type", "application/json"), HTTPField("accept", "application/json")],
                    body: IndexTemplate.body(of: index), maximumResponseBytes: 1 << 16, authorization)
            ]
        }[0]
        guard case .failure(let error) = created else { return }
        // Refused, because somebody was quicker?
        guard error.kind == .invalid, try hasTemplate(index) else { throw error }
    }

    private func hasTemplate(_ index: String) throws -> Bool {
        let found = try sending { authorization in
            [
                self.request(
                    "GetIndexTemplate", .get, path: Self.templatePath(index),
                    query: [(name: "filter_path", value: "index_templates.name")],
                    fields: [HTTPField("accept", "application/json")], maximumResponseBytes: 1 << 20, authorization)
            ]
        }[0]
        do throws(ServiceError) {
            _ = try found.get()
            return true
        } catch {
            guard error.kind == .notFound else { throw error }
            return false
        }
    }

    private static func templatePath(_ name: String) -> String { "/_index_template/" + PercentEncoding.encode(name) }

    // MARK: - Requests

    /// Sends requests, and again with a newer secret, once an invocation, if the server does not accept this one.
    private func sending(
        _ requests: (ServiceRequest.Authorization) -> [ServiceRequest]
    ) throws -> [Result<HTTPResponse, ServiceError>] {
        let authorization = try settings.authorization(secrets)
        let results = client.send(requests(authorization))
        guard !hasRenewed, results.contains(where: { $0.isRefusal }) else { return results }
        hasRenewed = true
        settings.discard(secrets)
        let newer = try settings.authorization(secrets)
        // All are sent again, also those that were accepted: twice comes to the same as once.
        return newer == authorization ? results : client.send(requests(newer))
    }

    private func request(
        _ operation: String, _ method: HTTPMethod, index: String? = nil, path: String,
        query: [(name: String, value: String)] = [], fields: [HTTPField] = [], body: [UInt8] = [],
        maximumResponseBytes: Int, _ authorization: ServiceRequest.Authorization
    ) -> ServiceRequest {
        ServiceRequest(
            Self.service, operation, method, endpoint: settings.endpoint,
            path: (index.map { "/" + PercentEncoding.encode($0) } ?? "") + path, query: query, fields: fields,
            body: body, maximumResponseBytes: maximumResponseBytes, isIdempotent: true, authorization: authorization,
            errorFormat: .json)
    }
}

extension Result<HTTPResponse, ServiceError> {
    /// Whether the server did not accept who asks.
    fileprivate var isRefusal: Bool {
        if case .failure(let error) = self { error.kind == .credentials } else { false }
    }
}
