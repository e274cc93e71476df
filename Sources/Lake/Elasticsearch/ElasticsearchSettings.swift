internal import AWS

/// Where Elasticsearch or OpenSearch is, and what proves who writes to it, as the environment says.
struct ElasticsearchSettings: Sendable {
    /// `https://host[:port][/path]`; `http://` of this very machine only.
    let endpoint: String
    private let apiKey: SecretSetting
    private let username: String?
    private let password: SecretSetting

    /// The variable with the server's URL.
    static let urlVariable = "ELASTICSEARCH_URL"
    /// The variable with an API key; with `_SECRET_ARN` behind it, with the ARN of a secret that holds one.
    static let apiKeyVariable = "ELASTICSEARCH_API_KEY"
    /// The variable with the name of a user.
    static let usernameVariable = "ELASTICSEARCH_USERNAME"
    /// The variable with the user's password; with `_SECRET_ARN` behind it, as that of the API key.
    static let passwordVariable = "ELASTICSEARCH_PASSWORD"
    /// The variable that is `none` where the server asks nobody who they are.
    static let authenticationVariable = "ELASTICSEARCH_AUTHENTICATION"

    /// Reads what is set; an empty value counts as none.
    /// - Throws: ``ConfigurationError`` with every faulty variable.
    init(_ environment: [String: String]) throws(ConfigurationError) {
        var problems: [ConfigurationError.Problem] = []
        func value(_ variable: String) -> String? { environment[variable].flatMap { $0.isEmpty ? nil : $0 } }
        func refuse(_ variable: String, _ message: String) {
            problems.append(ConfigurationError.Problem(variable: variable, message: message))
        }
        func secret(_ variable: String) -> SecretSetting? {
            do throws(ConfigurationError) {
                return try SecretSetting(variable, environment, isRequired: false)
            } catch {
                problems += error.problems
                return nil
            }
        }
        let server = Self.endpoint(value(Self.urlVariable), refuse)
        let apiKey = secret(Self.apiKeyVariable)
        let password = secret(Self.passwordVariable)
        username = value(Self.usernameVariable)
        if let username, username.utf8.contains(UInt8(ascii: ":")) {
            refuse(Self.usernameVariable, "holds a colon, which no name of a user does")
        }
        let hasPlainPassword = value(Self.passwordVariable) != nil
        switch (apiKey?.isSet ?? true, password?.isSet ?? true) {
        case (true, true) where problems.isEmpty:
            refuse(Self.passwordVariable, "is set, and so is \(Self.apiKeyVariable): only one of them may be")
        case (true, false) where username != nil:
            refuse(Self.usernameVariable, "is set, and so is \(Self.apiKeyVariable): only one of them may be")
        case (false, true) where username == nil && hasPlainPassword:
            refuse(Self.usernameVariable, "is not set, although \(Self.passwordVariable) is")
        case (false, false) where username != nil:
            refuse(
                Self.passwordVariable,
                "is not set, although \(Self.usernameVariable) is, and neither is \(Self.passwordVariable)_SECRET_ARN, "
                    + "the ARN of a secret that holds it")
        case (false, false):
            let isNone = Self.isNone(value(Self.authenticationVariable), refuse)
            if let server, !server.isLoopback, !isNone {
                refuse(
                    Self.apiKeyVariable,
                    "is not set, and neither is \(Self.apiKeyVariable)_SECRET_ARN nor \(Self.usernameVariable) with "
                        + "\(Self.passwordVariable); set \(Self.authenticationVariable) to none if the server asks for "
                        + "nothing")
            }
        default: break
        }
        guard problems.isEmpty, let server, let apiKey, let password else {
            throw ConfigurationError(problems: problems)
        }
        endpoint = server.origin + server.basePath
        self.apiKey = apiKey
        self.password = password
    }

    private static func endpoint(_ text: String?, _ refuse: (String, String) -> Void) -> ServiceEndpoint? {
        guard let text else {
            refuse(urlVariable, "is not set; it must be, for example https://search.example.com:9200")
            return nil
        }
        guard let endpoint = ServiceEndpoint(text) else {
            refuse(urlVariable, "must be https://host[:port][/path], without user, query and fragment")
            return nil
        }
        guard endpoint.scheme == "https" || endpoint.isLoopback else {
            refuse(
                urlVariable, "must begin with https://; http:// is for this very machine, such as http://127.0.0.1:9200"
            )
            return nil
        }
        return endpoint
    }

    private static func isNone(_ text: String?, _ refuse: (String, String) -> Void) -> Bool {
        if let text, text != "none" { refuse(authenticationVariable, "must be none, or not set") }
        return text != nil
    }

    /// What proves now who writes. A secret of Secrets Manager is kept for minutes.
    /// - Throws: `ServiceError` if Secrets Manager does not give the secret out; ``ConfigurationError`` if the secret
    ///   cannot be used.
    func authorization(_ secrets: SecretsManager) throws -> ServiceRequest.Authorization {
        if let secret = try apiKey.secret(secrets) {
            return try ElasticsearchCredential(secret, of: apiKey.variable).authorization
        }
        if let secret = try password.secret(secrets) {
            return try ElasticsearchCredential(secret, of: password.variable, username: username).authorization
        }
        return .none
    }

    /// To be told when the secret was refused: the next use asks Secrets Manager again, which may have a newer one.
    func discard(_ secrets: SecretsManager) {
        apiKey.discard(secrets)
        password.discard(secrets)
    }
}

extension ElasticsearchSettings: CustomReflectable {
    /// Nothing: a dump shows no secret.
    var customMirror: Mirror { Mirror(self, children: []) }
}
