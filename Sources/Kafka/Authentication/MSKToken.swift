public import AWS

/// A token of MSK's IAM access control, which SASL/OAUTHBEARER carries: a URL that is signed in its query and would
/// connect to the cluster, in base64 for URLs. Pure: credentials, region and time are given.
public struct MSKToken: Equatable, Sendable {
    /// The token; whoever holds it may connect while it lasts.
    public let text: String
    /// When it is of no more use, in milliseconds since the epoch: when it, or what signed it, expires.
    public let expirationMs: Int64
    /// Who it says that we are: the access key's id, which is no secret.
    public let principal: String

    /// What brokers accept at most, in seconds.
    public static let lifetimeSeconds = 900

    /// Signs a token.
    /// - Parameters:
    ///   - region: the cluster's.
    ///   - nowMs: milliseconds since the epoch, of a clock that is right within minutes.
    ///   - userAgent: what the cluster's logs show of us.
    /// - Throws: ``KafkaError/Code/authenticationFailed`` for credentials that are empty or have expired.
    public init(
        _ credentials: Credentials, region: String, nowMs: Int64, userAgent: String = "swiftlake"
    ) throws(KafkaError) {
        guard !credentials.accessKeyID.isEmpty, !credentials.secretAccessKey.isEmpty else {
            throw KafkaError(.authenticationFailed, "the credentials for a token of MSK are empty")
        }
        let signedMs = nowMs - (nowMs % 1000 + 1000) % 1000
        let endMs = signedMs + Int64(Self.lifetimeSeconds) * 1000
        expirationMs = min(endMs, credentials.expirationMs ?? endMs)
        guard expirationMs > nowMs else {
            throw KafkaError(
                .authenticationFailed, "the \(credentials) for a token of MSK have expired, and there are no others yet"
            )
        }
        principal = credentials.accessKeyID
        let host = "kafka.\(region).amazonaws.com"
        let signature = SignatureV4(credentials, region: region, service: "kafka-cluster", dateMs: nowMs)
        var query = signature.query(
            of: SignableRequest(.get, host: host, path: "/", query: [("Action", "kafka-cluster:Connect")]),
            expiresSeconds: Self.lifetimeSeconds, payloadHash: SHA256.hexOfNothing)
        // Behind the signature, which does not cover it.
        query.append(("User-Agent", userAgent))
        text = Base64URL.encode(Array("https://\(host)/?\(PercentEncoding.encode(query))".utf8))
    }
}

extension MSKToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Nothing of the token itself: safe to log.
    public var description: String { "a token of \(principal)" }
    /// The same.
    public var debugDescription: String { description }
    /// Nothing: a dump shows no token.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
