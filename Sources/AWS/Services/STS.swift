/// AWS Security Token Service: who the caller is, and credentials of roles.
public struct STS {
    private let client: ServiceClient
    private static let version = "2011-06-15"

    /// The service, as a client reaches it.
    public init(_ client: ServiceClient) { self.client = client }

    /// Whose credentials these are.
    public struct Identity: Equatable, Sendable {
        /// The account's id.
        public let account: String
        /// The user's or the role session's ARN.
        public let arn: String
        /// The id of the user, or of the role with the session's name.
        public let userID: String
    }

    /// Asks whose the credentials are (GetCallerIdentity), which nobody may be denied.
    public func callerIdentity() throws(ServiceError) -> Identity {
        let request = ServiceRequest.query(
            .sts, "GetCallerIdentity", version: Self.version, isIdempotent: true, parameters: [])
        let reply = ServiceReply(try client.send(request), to: request)
        let result = try reply.document("GetCallerIdentityResponse")["GetCallerIdentityResult"]
        return Identity(
            account: try reply.require(result?.text(of: "Account"), "Account"),
            arn: try reply.require(result?.text(of: "Arn"), "Arn"),
            userID: try reply.require(result?.text(of: "UserId"), "UserId"))
    }

    /// Credentials of a role, for a while (AssumeRole).
    public func assume(_ role: AssumedRole) throws(ServiceError) -> Credentials {
        var parameters = [
            (name: "RoleArn", value: role.arn), (name: "RoleSessionName", value: role.sessionName),
        ]
        if let id = role.externalID { parameters.append(("ExternalId", id)) }
        if let seconds = role.durationSeconds { parameters.append(("DurationSeconds", String(seconds))) }
        let request = ServiceRequest.query(
            .sts, "AssumeRole", version: Self.version, isIdempotent: true, parameters: parameters)
        let reply = ServiceReply(try client.send(request), to: request)
        let result = try reply.document("AssumeRoleResponse")["AssumeRoleResult"]?["Credentials"]
        let token = try reply.require(result?.text(of: "SessionToken"), "SessionToken")
        let id = try reply.require(result?.text(of: "AccessKeyId"), "AccessKeyId")
        let secret = try reply.require(result?.text(of: "SecretAccessKey"), "SecretAccessKey")
        guard [token, id, secret].allSatisfy(CredentialsReply.isField) else {
            throw reply.malformed("credentials that cannot be sent")
        }
        let expiration = result?.text(of: "Expiration").flatMap(Timestamp.milliseconds)
        return Credentials(
            accessKeyID: id, secretAccessKey: secret, sessionToken: token,
            expirationMs: try reply.require(expiration, "Expiration"))
    }
}
