public import AWS

/// How a cluster is reached: its brokers, and how they and we prove who we are.
public struct KafkaSettings: Sendable {
    /// How connections are secured.
    public enum Security: Sendable {
        /// Not at all.
        case plaintext
        /// TLS, with nothing that says who we are.
        case tls
        /// TLS, and a name and password by SCRAM (RFC 5802).
        case scram(SCRAM, username: String, password: Secret)
        /// TLS, and tokens of MSK's IAM access control, signed with these credentials for this region.
        case mskIAM(region: String, credentials: any CredentialsProvider & Sendable)
    }

    /// The hash that SCRAM uses.
    public enum SCRAM: String, CaseIterable, Sendable {
        case sha256 = "SCRAM-SHA-256"
        case sha512 = "SCRAM-SHA-512"
    }

    /// Where the cluster is reached first, each `host:port`.
    public var bootstrapServers: [String]
    /// How connections are secured.
    public var security: Security
    /// Path of the certificates that brokers' own may descend from, in PEM; nil for the system's.
    public var certificateBundle: String?
    /// What brokers' logs call us.
    public var clientID = "swiftlake"
    /// How many records may wait to be sent.
    public var maximumQueuedRecords = 100_000
    /// How many bytes of records may wait to be sent.
    public var maximumQueuedBytes = 64 << 20

    /// Settings.
    public init(bootstrapServers: [String], security: Security = .plaintext, certificateBundle: String? = nil) {
        self.bootstrapServers = bootstrapServers
        self.security = security
        self.certificateBundle = certificateBundle
    }
}
