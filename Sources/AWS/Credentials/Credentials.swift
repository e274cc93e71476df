/// What a request is signed with.
public struct Credentials: Equatable, Sendable {
    /// The access key's id, which is no secret.
    public let accessKeyID: String
    /// The secret access key.
    public let secretAccessKey: String
    /// The session token of temporary credentials.
    public let sessionToken: String?
    /// When they expire, in milliseconds since the epoch; nil if they do not, or nobody said.
    public let expirationMs: Int64?

    /// Credentials.
    public init(accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil, expirationMs: Int64? = nil) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
        self.expirationMs = expirationMs
    }
}

extension Credentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The access key's id alone: safe to log.
    public var description: String { "credentials of \(accessKeyID)" }
    /// The same.
    public var debugDescription: String { description }
    /// Nothing: a dump shows no secret.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
