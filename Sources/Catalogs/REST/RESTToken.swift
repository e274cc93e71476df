internal import AWS
internal import HTTPTransport

/// The bearer token of a REST catalog's requests: given once, or had for an id and a secret, kept, and renewed before it
/// expires (OAuth 2.0, RFC 6749 §4.4, as the Iceberg REST specification has it).
final class RESTToken {
    private var settings: RESTCatalogSettings
    private let nowMs: () -> Int64
    private let newAuthorization: RESTCatalog.NewAuthorization?
    private var kept: (token: String, renewalMs: Int64?)?

    /// A token is renewed so long before it expires, in milliseconds, or once a tenth of its time is left if it lives
    /// but shortly.
    private static let renewalMarginMs: Int64 = 60_000

    /// The name of its request in errors.
    static let operation = "GetToken"

    init(
        _ settings: RESTCatalogSettings, nowMs: @escaping () -> Int64,
        newAuthorization: RESTCatalog.NewAuthorization? = nil
    ) {
        self.settings = settings
        self.nowMs = nowMs
        self.newAuthorization = newAuthorization
    }

    /// How requests are authorized with what is there now.
    var authorization: ServiceRequest.Authorization {
        switch settings.authorization {
        case .none: .none
        case .token(let token): .bearer(token)
        case .signature(let service): .signed(as: service)
        case .clientCredentials: kept.map { .bearer($0.token) } ?? .none
        }
    }

    /// Forgets a token that the server no longer takes.
    /// - Returns: whether another can be had.
    func discard() -> Bool {
        kept = nil
        if case .clientCredentials = settings.authorization { return true }
        return false
    }

    /// Takes up the id and secret of now, after those that were known have been refused.
    /// - Returns: whether they are others.
    func takesUpNewSecret() -> Bool {
        guard let new = try? newAuthorization?(), new != settings.authorization else { return false }
        settings.authorization = new
        return true
    }

    /// The request for a token; nil where none is needed, or a good one is there.
    func renewal() -> Renewal? {
        guard case .clientCredentials(let id, let secret) = settings.authorization else { return nil }
        if let kept, kept.renewalMs.map({ nowMs() < $0 }) ?? true { return nil }
        var form = [(name: "grant_type", value: "client_credentials")]
        if let id { form.append(("client_id", id)) }
        form.append(("client_secret", secret))
        if !settings.scope.isEmpty { form.append(("scope", settings.scope)) }
        let base = settings.endpoint
        let call = ServiceRequest(
            RESTConnection.service, Self.operation, .post, endpoint: (settings.tokenEndpoint ?? base).origin,
            path: Self.path(settings.tokenEndpoint?.basePath ?? base.basePath + RESTPaths.tokens),
            fields: [HTTPField("Content-Type", "application/x-www-form-urlencoded")],
            body: Array(PercentEncoding.encode(form).utf8), maximumResponseBytes: 1 << 20, isIdempotent: true,
            authorization: .none, errorFormat: .iceberg)
        return Renewal(call: call, secret: secret, askedMs: nowMs())
    }

    /// A request for a token.
    struct Renewal {
        /// The request.
        let call: ServiceRequest
        fileprivate let secret: String
        fileprivate let askedMs: Int64
    }

    /// Keeps the token that was asked for.
    func take(_ result: Result<HTTPResponse, ServiceError>, of renewal: Renewal) throws(ServiceError) {
        let response: HTTPResponse
        switch result {
        case .success(let success): response = success
        case .failure(let error): throw Self.hiding(renewal.secret, in: error)
        }
        do {
            let (token, lifetime) = try RESTReplies.token(response.body)
            let lifetimeMs = lifetime.map { min($0, 1 << 32) * 1000 }
            kept = (token, lifetimeMs.map { renewal.askedMs + $0 - min(Self.renewalMarginMs, $0 / 10) })
        } catch {
            throw ServiceReply(response, to: renewal.call).malformed(error.description)
        }
    }

    /// The error without its message, if that repeats the secret that was sent.
    private static func hiding(_ secret: String, in error: ServiceError) -> ServiceError {
        guard error.message.hiding(secret) != error.message else { return error }
        return ServiceError(
            error.kind, service: error.service, operation: error.operation, code: error.code, message: "",
            advice: error.advice, status: error.status, requestID: error.requestID, mayHaveActed: error.mayHaveActed,
            attempts: error.attempts)
    }

    /// A path has at least its first slash.
    private static func path(_ path: String) -> String { path.isEmpty ? "/" : path }
}
