internal import HTTPTransport

/// Credentials of the role of an EC2 instance, from its metadata service, version 2: a token is fetched first, which a
/// request that was forged from outside the machine could not have.
struct InstanceCredentials: CredentialsSource {
    let endpoint: String
    let isAsked: Bool
    let access: CredentialsAccess

    var name: String { "the instance's metadata service" }
    /// There may just be no such service here.
    let isExplicit = false

    private static let path = "/latest/meta-data/iam/security-credentials/"

    func fetch() throws(CredentialsFault) -> Credentials? {
        guard isAsked else { return nil }
        let lifetime = HTTPField("x-aws-ec2-metadata-token-ttl-seconds", "21600")
        // Where there is no such service, nobody answers: one attempt, so that the wait is short.
        let token = try text(of: request(.put, "/latest/api/token", [lifetime]), attempts: 1)
        let proof = HTTPField("x-aws-ec2-metadata-token", token)
        let role = try text(of: request(.get, Self.path, [proof]), attempts: 3)
        let path = Self.path + PercentEncoding.encode(role)
        return try CredentialsReply.read(access.body(request(.get, path, [proof])))
    }

    private func request(_ method: HTTPMethod, _ path: String, _ fields: [HTTPField]) -> HTTPRequest {
        HTTPRequest(method, endpoint + path, fields: fields, maximumResponseBytes: 1 << 16)
    }

    /// A reply's first line.
    private func text(of request: HTTPRequest, attempts: Int) throws(CredentialsFault) -> String {
        let body = try access.body(request, attempts: attempts)
        let line = String(decoding: body.prefix { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self)
        guard CredentialsReply.isField(line) else { throw CredentialsFault("gave an empty reply") }
        return line
    }
}
