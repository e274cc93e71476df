/// A role, and how to assume it.
public struct AssumedRole: Equatable, Sendable {
    /// The role's ARN.
    public var arn: String
    /// The session's name, which logs show.
    public var sessionName: String
    /// The id that a role of another account may ask for.
    public var externalID: String?
    /// How long the credentials are good for, in seconds; nil for an hour.
    public var durationSeconds: Int?

    /// A role.
    public init(arn: String, sessionName: String, externalID: String? = nil, durationSeconds: Int? = nil) {
        self.arn = arn
        self.sessionName = sessionName
        self.externalID = externalID
        self.durationSeconds = durationSeconds
    }

    /// The role of a profile that names one.
    init(arn: String, _ profile: [String: String]) {
        self.init(
            arn: arn, sessionName: profile["role_session_name"] ?? "swiftlake", externalID: profile["external_id"],
            durationSeconds: profile["duration_seconds"].flatMap { Int($0) })
    }
}
