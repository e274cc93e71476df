internal import HTTPTransport

/// Credentials from the endpoint that Amazon ECS, EKS, and Lambda's SnapStart name in a container's environment.
struct ContainerCredentials: CredentialsSource {
    let container: CredentialsSettings.Container?
    let access: CredentialsAccess

    let name = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and _FULL_URI"
    let isExplicit = true

    func fetch() throws(CredentialsFault) -> Credentials? {
        guard let container else { return nil }
        var fields = [HTTPField("accept", "application/json")]
        if let authorization = try authorization(container) { fields.append(HTTPField("authorization", authorization)) }
        let request = HTTPRequest(.get, container.url, fields: fields, maximumResponseBytes: 1 << 16)
        return try CredentialsReply.read(access.body(request))
    }

    /// What proves that this is the container; a file's content changes over time.
    private func authorization(_ container: CredentialsSettings.Container) throws(CredentialsFault) -> String? {
        guard let path = container.authorizationFile else {
            guard let text = container.authorization?.value else { return nil }
            guard CredentialsReply.isToken(text) else {
                throw CredentialsFault("needs an AWS_CONTAINER_AUTHORIZATION_TOKEN of one line")
            }
            return text
        }
        guard let bytes = access.read(path), let text = String(validating: bytes, as: UTF8.self) else {
            throw CredentialsFault("needs AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE, which cannot be read")
        }
        guard CredentialsReply.isToken(text) else {
            throw CredentialsFault("needs an AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE that holds one line")
        }
        return text
    }
}
