internal import AWS
internal import HTTPTransport
internal import Iceberg
internal import JSON
internal import ObjectStores

/// Requests to a REST catalog: authorized, under the paths that the server's configuration asks for.
final class RESTConnection {
    private let client: ServiceClient
    private let settings: RESTCatalogSettings
    private let token: RESTToken
    private var knownPaths: RESTPaths?

    /// A longer reply is refused, in bytes: metadata of some 100,000 snapshots.
    private static let maximumResponseBytes = 256 << 20

    init(_ client: ServiceClient, _ settings: RESTCatalogSettings, _ token: RESTToken) {
        self.client = client
        self.settings = settings
        self.token = token
    }

    /// The server's paths, of the configuration that is asked for once, unless the settings say them.
    /// - Throws: ``IcebergError/Code/unavailable`` also where there is no catalog at the address: nothing can be said of a
    ///   table then.
    func paths() throws(IcebergError) -> RESTPaths {
        if let knownPaths { return knownPaths }
        let paths = if let prefix = settings.prefix { RESTPaths(["prefix": prefix]) } else { try configuredPaths() }
        knownPaths = paths
        return paths
    }

    private func configuredPaths() throws(IcebergError) -> RESTPaths {
        var call = call("GetConfig", .get, RESTPaths.configuration, isIdempotent: true)
        if let warehouse = settings.warehouse { call.query = [("warehouse", warehouse)] }
        do {
            if let paths = try openPaths(call) { return paths }
            return RESTPaths(try read(call, RESTReplies.configuration))
        } catch {
            guard error.code == .notFound else { throw error }
            throw IcebergError(.unavailable, "\(error.message); check LAKE_CATALOG and its warehouse")
        }
    }

    /// Asks for a token and, in the same round trip, for the configuration without one, as many servers show it to
    /// everyone.
    /// - Returns: nil if no token is needed, or the server shows the configuration only to those it knows: one that names
    ///   no prefix may be less than they see.
    private func openPaths(_ call: ServiceRequest) throws(IcebergError) -> RESTPaths? {
        guard let renewal = token.renewal() else { return nil }
        let results = client.send([renewal.call, call])
        do {
            try token.take(results[0], of: renewal)
        } catch {
            throw IcebergError(error)
        }
        guard let response = try? results[1].get(),
            let configuration = try? RESTReplies.configuration(response.body), configuration["prefix"] != nil
        else { return nil }
        return RESTPaths(configuration)
    }

    /// All pages of a list.
    func pages<Element>(
        _ operation: String, _ path: String, _ read: ([UInt8]) throws(JSONError) -> ([Element], String?)
    ) throws(IcebergError) -> [Element] {
        var call = call(operation, .get, path, isIdempotent: true)
        var elements: [Element] = []
        var token: String?
        // A server that pages tells where the next page begins; one that is not asked for pages may hand out all at once.
        repeat {
            if let token { call.query = [("pageToken", token)] }
            let (page, next) = try self.read(call, read)
            elements += page
            guard next == nil || next != token else {
                throw IcebergError(.malformed, "the catalog names the same page twice", at: operation)
            }
            token = next
        } while token != nil
        return elements
    }

    /// What a reply says.
    func read<Value>(
        _ call: ServiceRequest, _ read: ([UInt8]) throws(JSONError) -> Value
    ) throws(IcebergError) -> Value {
        let response: HTTPResponse
        do {
            response = try send(call)
        } catch {
            throw IcebergError(error)
        }
        do {
            return try read(response.body)
        } catch {
            throw IcebergError(ServiceReply(response, to: call).malformed(error.description))
        }
    }

    /// What went wrong with a call, whose reply a closure must be able to read; nil if it succeeded.
    func fault<Value>(of call: ServiceRequest, _ read: ([UInt8]) throws(JSONError) -> Value) -> ServiceError? {
        let response: HTTPResponse
        do {
            response = try send(call)
        } catch {
            return error
        }
        do {
            _ = try read(response.body)
            return nil
        } catch {
            return ServiceReply(response, to: call).malformed(error.description)
        }
    }

    /// Sends a call, and once again with a new token if the server no longer takes the one it had.
    func send(_ call: ServiceRequest) throws(ServiceError) -> HTTPResponse {
        let signed = try authorized(call)
        do {
            return try client.send(signed)
        } catch {
            guard error.status == 401 || error.status == 419, !error.mayHaveActed || call.isIdempotent, token.discard()
            else { throw explained(error) }
            return try client.send(try authorized(call))
        }
    }

    /// A call with the token or signature of now.
    private func authorized(_ call: ServiceRequest) throws(ServiceError) -> ServiceRequest {
        do {
            try renewToken()
        } catch {
            // The secret may have been rotated since it was read.
            guard error.kind == .credentials, token.takesUpNewSecret() else { throw error }
            try renewToken()
        }
        var call = call
        call.authorization = token.authorization
        return call
    }

    private func renewToken() throws(ServiceError) {
        if let renewal = token.renewal() { try token.take(client.send([renewal.call])[0], of: renewal) }
    }

    /// The same error with what there is to do, where the specification has none for it: to a request without
    /// authorization, and to a signature that is wrong, servers say "forbidden", as if the role lacked something.
    private func explained(_ error: ServiceError) -> ServiceError {
        let advice: String
        if settings.authorization == .none, error.status == 401 || error.status == 403 {
            advice = "set LAKE_CATALOG_CREDENTIAL or LAKE_CATALOG_TOKEN, or add ?sigv4=… to LAKE_CATALOG"
        } else if error.status == 403, error.message.lowercased().holds("signature") {
            advice = "check AWS_SECRET_ACCESS_KEY, that it belongs to AWS_ACCESS_KEY_ID, and this machine's clock"
        } else {
            return error
        }
        return ServiceError(
            .credentials, service: error.service, operation: error.operation, code: error.code, message: error.message,
            advice: advice, status: error.status, requestID: error.requestID, mayHaveActed: error.mayHaveActed,
            attempts: error.attempts)
    }

    /// A call; ``send(_:)`` authorizes it.
    func call(
        _ operation: String, _ method: HTTPMethod, _ path: String, body: [UInt8] = [], isIdempotent: Bool
    ) -> ServiceRequest {
        ServiceRequest(
            Self.service, operation, method, endpoint: settings.endpoint.origin + settings.endpoint.basePath,
            path: path, fields: body.isEmpty ? [] : [HTTPField("Content-Type", "application/json")], body: body,
            maximumResponseBytes: Self.maximumResponseBytes, isIdempotent: isIdempotent, authorization: .none,
            errorFormat: .iceberg)
    }

    /// The service's name in errors.
    static let service = AWSService("iceberg")
}
