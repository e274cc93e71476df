/// Credentials that the environment itself holds, as Lambda's does.
struct EnvironmentCredentials: CredentialsSource {
    let credentials: Credentials?

    let name = "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    let isExplicit = true

    func fetch() -> Credentials? { credentials }
}
