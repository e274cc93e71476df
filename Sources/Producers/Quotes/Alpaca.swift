internal import AWS
internal import HTTPTransport
internal import Iceberg
internal import JSON
internal import Lake
internal import LambdaRuntime

/// Alpaca's market data: the latest bar of each symbol. Only its own host ever gets the key: redirects are not followed.
final class Alpaca {
    private let endpoint: String
    private let symbols: [String]
    private let source: AlpacaKeySource
    private let client: ServiceClient
    private let secrets: SecretsManager
    private let clock: WallClock
    /// When a refused key was last asked for anew, in milliseconds since the epoch.
    private var discardedMs: Int64?

    private static let service = AWSService("alpaca")
    /// The fields that carry the key.
    static let idField = "APCA-API-KEY-ID"
    static let secretField = "APCA-API-SECRET-KEY"
    /// The variable that holds the address, before the definition's.
    static let urlVariable = "ALPACA_URL"
    /// A longer reply is refused, in bytes: a bar has about 150.
    static let maximumBytes = 4 << 20
    /// A key that is refused is asked for anew so often at most, in milliseconds.
    static let discardIntervalMs: Int64 = 30_000

    /// Reads the settings.
    /// - Throws: ``ConfigurationError`` if the key or the address cannot be used.
    init(
        _ quotes: QuotesDefinition, _ environment: [String: String], client: ServiceClient, clock: WallClock
    ) throws(ConfigurationError) {
        self.client = client
        self.clock = clock
        secrets = SecretsManager(client)
        symbols = quotes.symbols
        source = try AlpacaKeySource(environment)
        let variable = environment[Self.urlVariable].flatMap { $0.isEmpty ? nil : $0 }
        let url = variable ?? quotes.url
        guard let endpoint = ServiceEndpoint(url), endpoint.scheme == "https" || endpoint.isLoopback else {
            let wrong = "must be https://host[:port][/path], or http:// of this very machine"
            throw AlpacaKey.refusal(
                Self.urlVariable, variable == nil ? "is not set, and quotes.url of lake.json \(wrong)" : wrong)
        }
        self.endpoint = endpoint.origin + endpoint.basePath
    }

    /// The latest bars of all symbols. Faults that pass are tried again within the time that requests have.
    func latestBars() throws(UpstreamFault) -> LatestBars {
        let key = try currentKey()
        let reply: HTTPResponse
        do throws(ServiceError) {
            reply = try client.send(request(key))
        } catch {
            guard error.kind == .credentials || error.kind == .accessDenied, let other = try otherKey(than: key) else {
                throw fault(error, key)
            }
            do throws(ServiceError) { reply = try client.send(request(other)) } catch { throw fault(error, other) }
        }
        do throws(JSONError) {
            return try LatestBars(cutting: reply.body, for: symbols)
        } catch {
            throw UpstreamFault(
                kind: .malformed,
                message:
                    "Alpaca was to answer with {\"bars\":{…}}, but \(reply.body.count) bytes came that are not: \(error)"
            )
        }
    }

    /// The path and query as they are sent: Alpaca's own documents write the slash of a symbol `%2F`, and commas as they are.
    static func path(_ symbols: [String]) -> String {
        "/v1beta3/crypto/us/latest/bars?symbols="
            + symbols.map { PercentEncoding.encode($0) }.joined(separator: ",")
    }

    private func request(_ key: AlpacaKey?) -> ServiceRequest {
        var fields = [HTTPField("Accept", "application/json")]
        if let key { fields.append(HTTPField(Self.idField, key.id)) }
        return ServiceRequest(
            Self.service, "LatestBars", .get, endpoint: endpoint, path: Self.path(symbols), fields: fields,
            maximumResponseBytes: Self.maximumBytes, isIdempotent: true,
            authorization: key.map { .field(HTTPField(Self.secretField, $0.secret)) } ?? .none, errorFormat: .json)
    }

    // MARK: - Key

    private func currentKey() throws(UpstreamFault) -> AlpacaKey? {
        do {
            return try source.key(secrets)
        } catch {
            throw UpstreamFault(kind: .key, message: "the key for Alpaca cannot be had: \(error)")
        }
    }

    /// What Secrets Manager holds now, after a key was refused; nil if that is the same, or was looked up just before.
    private func otherKey(than refused: AlpacaKey?) throws(UpstreamFault) -> AlpacaKey? {
        guard case .secret = source else { return nil }
        let now = clock.milliseconds
        if let discardedMs, (0..<Self.discardIntervalMs).contains(now - discardedMs) { return nil }
        discardedMs = now
        source.discard(secrets)
        let key = try currentKey()
        return key == refused ? nil : key
    }

    // MARK: - Faults

    private func fault(_ error: ServiceError, _ key: AlpacaKey?) -> UpstreamFault {
        let kind: UpstreamFault.Kind =
            switch error.kind {
            case .throttled: .throttled
            case .credentials, .accessDenied: .refused
            case .unavailable: .unavailable
            case .malformedReply: .malformed
            case .notFound, .preconditionFailed, .conflict, .invalid, .configuration: .invalid
            }
        var text = "Alpaca gave no bars: \(error.code)"
        if let status = error.status { text += " [\(status)]" }
        if !error.message.isEmpty { text += ": \(error.message)" }
        if error.attempts > 1 { text += " after \(error.attempts) attempts" }
        if let advice = advice(kind, key) { text += "; \(advice)" }
        return UpstreamFault(
            kind: kind, message: key?.hidden(in: text) ?? text, retryAfterMs: error.retryAfterMs)
    }

    private func advice(_ kind: UpstreamFault.Kind, _ key: AlpacaKey?) -> String? {
        switch kind {
        case .throttled: key == nil ? "a key raises the limit: set \(AlpacaKey.arnVariable)" : nil
        case .refused:
            key == nil
                ? "set \(AlpacaKey.arnVariable), or \(AlpacaKey.idVariable) and \(AlpacaKey.secretVariable)"
                : "check the key of \(AlpacaKey.arnVariable), or of \(AlpacaKey.idVariable) and \(AlpacaKey.secretVariable)"
        case .invalid: "check the symbols of lake.json, and \(Self.urlVariable)"
        case .unavailable, .malformed, .key: nil
        }
    }
}
