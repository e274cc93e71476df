internal import JSON

/// AWS Secrets Manager: secrets, kept for a while. One thread at a time may use it.
public final class SecretsManager {
    private let client: ServiceClient
    private let lifetimeMs: Int64
    /// How long a secret is used on after it could not be asked for, in milliseconds.
    private static let restMs: Int64 = 30_000
    private var kept: [String: (secret: Secret, untilMs: Int64)] = [:]

    /// The service, as a client reaches it.
    /// - Parameter lifetimeMs: how long a secret is kept before it is asked for again.
    public init(_ client: ServiceClient, lifetimeMs: Int64 = 300_000) {
        self.client = client
        self.lifetimeMs = lifetimeMs
    }

    /// The current value of a secret (GetSecretValue). One that was kept is used on while the service cannot be asked.
    /// - Parameter id: the secret's ARN or name.
    public func secret(_ id: String) throws(ServiceError) -> Secret {
        let now = client.surroundings.nowMs()
        if let (secret, until) = kept[id], now < until { return secret }
        do throws(ServiceError) {
            let secret = try fetch(id)
            kept[id] = (secret, now + lifetimeMs)
            return secret
        } catch {
            guard let (secret, _) = kept[id], error.kind == .unavailable || error.kind == .throttled else {
                throw error
            }
            // Not asked again at once: each attempt takes its time.
            kept[id] = (secret, now + min(lifetimeMs, Self.restMs))
            return secret
        }
    }

    /// Forgets what is kept of a secret: to be told when the secret was refused, which a rotation may have caused.
    public func discard(_ id: String) { kept[id] = nil }

    private func fetch(_ id: String) throws(ServiceError) -> Secret {
        var request = ServiceRequest.json(
            .secretsmanager, target: "secretsmanager", "GetSecretValue", isIdempotent: true
        ) { writer in writer.member("SecretId", id) }
        // An ARN says where the secret lies: arn:aws:secretsmanager:REGION:…
        let parts = id.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count > 5, parts[0] == "arn", AWSConfiguration.isRegion(String(parts[3])) {
            request.region = String(parts[3])
        }
        let (reply, value) = try client.object(request)
        if let text = value["SecretString"]?.string { return Secret(Array(text.utf8)) }
        var bytes: [UInt8] = []
        let encoded = Array(try reply.require(value["SecretBinary"]?.string, "SecretString").utf8)
        guard (try? Base64.decode(encoded.span.bytes, into: &bytes)) != nil else {
            throw reply.malformed("a SecretBinary that is not base64")
        }
        return Secret(bytes)
    }
}

/// A secret's value, which no form of printing shows.
public struct Secret: Equatable, Sendable {
    /// The value.
    public let bytes: [UInt8]

    /// A secret.
    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The value as text; nil if it is no UTF-8.
    public var text: String? { String(validating: bytes, as: UTF8.self) }

    /// A text member of a value that is a JSON object, as those of databases and key pairs are.
    public func member(_ name: String) -> String? { (try? JSONValue(parsing: bytes))?[name]?.string }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Nothing of the value: safe to log.
    public var description: String { "a secret" }
    /// The same.
    public var debugDescription: String { description }
    /// Nothing: a dump shows no secret.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
