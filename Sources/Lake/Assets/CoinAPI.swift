internal import AWS
internal import HTTPTransport
internal import Iceberg

/// CoinAPI's list of logos, asked for with the key of the environment or of Secrets Manager. Only its own host ever gets
/// the key: redirects are not followed.
final class CoinAPI {
    private let endpoint: String
    private let key: SecretSetting
    private let client: () throws(IcebergError) -> ServiceClient
    private var secrets: SecretsManager?

    private static let service = AWSService("coinapi")
    private static let keyField = "X-CoinAPI-Key"
    /// The variables that hold the key and the address.
    static let keyVariable = "COINAPI_KEY"
    static let urlVariable = "COINAPI_URL"
    /// A longer list is refused, in bytes: the whole one has about 500 kB.
    static let maximumBytes = 32 << 20
    /// The members of a secret in JSON that may hold the key, in the order of looking.
    private static let keyMembers = [keyVariable, "apiKey", "api_key", "key"]

    /// Reads the settings.
    /// - Parameter client: what sends the requests, made when it is first needed.
    /// - Throws: ``ConfigurationError`` if the key or an address is missing or cannot be used.
    init(
        _ assets: AssetsDefinition, _ environment: [String: String],
        client: @escaping () throws(IcebergError) -> ServiceClient
    ) throws(ConfigurationError) {
        self.client = client
        key = try SecretSetting(Self.keyVariable, environment, isRequired: true)
        let variable = environment[Self.urlVariable].flatMap { $0.isEmpty ? nil : $0 }
        let url = variable ?? assets.url
        guard let endpoint = ServiceEndpoint(url), endpoint.scheme == "https" || endpoint.isLoopback else {
            let wrong = "must be https://host[:port][/path], or http:// of this very machine"
            throw ConfigurationError(problems: [
                ConfigurationError.Problem(
                    variable: Self.urlVariable,
                    message: variable == nil ? "is not set, and assets.url of lake.json \(wrong)" : wrong)
            ])
        }
        self.endpoint = endpoint.origin + endpoint.basePath
    }

    /// The list of logos of a size, in pixels.
    ///
    /// A key that is refused is asked for once more, in case it was exchanged since.
    /// - Throws: ``JobError``; `IcebergError`, `ServiceError` or ``ConfigurationError`` if the key cannot be had.
    func logos(ofSize size: Int) throws -> LogoList {
        var used = try currentKey()
        while true {
            do {
                return try Self.list(try client().send(request(size, used)))
            } catch let error as ServiceError {
                guard error.kind == .credentials || error.kind == .accessDenied else { throw Self.unavailable(error) }
                key.discard(try secretsManager())
                let new = try currentKey()
                guard new != used else { throw Self.refused(error) }
                used = new
            }
        }
    }

    private func request(_ size: Int, _ key: String) -> ServiceRequest {
        ServiceRequest(
            Self.service, "GetAssetIcons", .get, endpoint: endpoint, path: "/v1/assets/icons/\(size)",
            fields: [HTTPField("Accept", "application/json")], maximumResponseBytes: Self.maximumBytes,
            isIdempotent: true, authorization: .field(HTTPField(Self.keyField, key)), errorFormat: .json)
    }

    /// The key: the secret's text, or a member of it if it is a JSON object.
    private func currentKey() throws -> String {
        guard let secret = try key.secret(try secretsManager()) else { throw Self.badKey("is not set") }
        var text = Self.keyMembers.lazy.compactMap(secret.member).first ?? secret.text ?? ""
        while text.utf8.last.map({ $0 <= 0x20 }) ?? false { text.removeLast() }
        guard text.utf8.first != UInt8(ascii: "{") else {
            throw Self.badKey("names a secret in JSON without any of: \(Self.keyMembers.joined(separator: ", "))")
        }
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw Self.badKey("holds no key: a key is of visible ASCII characters")
        }
        return text
    }

    private func secretsManager() throws(IcebergError) -> SecretsManager {
        if let secrets { return secrets }
        let made = SecretsManager(try client())
        secrets = made
        return made
    }

    // MARK: - Errors

    /// What came as a list, or an error that says what it is instead.
    private static func list(_ response: HTTPResponse) throws(JobError) -> LogoList {
        do {
            return try LogoList(parsing: response.body.span.bytes)
        } catch {
            let type = response["content-type"].map { " as \(plain($0))" } ?? ""
            let first = response.body.first { $0 > 0x20 }
            let what =
                switch first {
                case nil: "an empty text"
                case UInt8(ascii: "<"): "HTML or XML"
                case UInt8(ascii: "{"): "a JSON object"
                case UInt8(ascii: "["): "a JSON array that is broken or cut short"
                default: "something else"
                }
            throw JobError(
                .assets(.badReply),
                "CoinAPI was to answer with a JSON array of logos, but \(what) of \(response.body.count) bytes came"
                    + "\(type): \(error); check COINAPI_URL, and try again later")
        }
    }

    private static func unavailable(_ error: ServiceError) -> JobError {
        switch error.code {
        case HTTPFailure.Code.responseTooLarge.rawValue:
            JobError(
                .assets(.badReply),
                "CoinAPI's list is larger than any list of logos should be: \(error); check COINAPI_URL")
        case "NotFound", "Redirect", "PermanentRedirect":
            JobError(
                .assets(.unavailable), "CoinAPI has no list of logos there: \(error); check COINAPI_URL and iconSize")
        default: JobError(.assets(.unavailable), "CoinAPI gave no list of logos: \(error)")
        }
    }

    private static func refused(_ error: ServiceError) -> JobError {
        JobError(
            .assets(.keyRefused),
            "CoinAPI does not accept the key of \(keyVariable) [\(error.status ?? 0)]: check the key, or the secret that "
                + "\(keyVariable)\(SecretSetting.suffix) names, and that its plan includes /v1/assets/icons")
    }

    private static func badKey(_ message: String) -> ConfigurationError {
        ConfigurationError(problems: [ConfigurationError.Problem(variable: keyVariable, message: message)])
    }

    /// A field's value as it may stand in an error.
    private static func plain(_ text: String) -> String {
        String(decoding: text.utf8.prefix(64).map { $0 > 0x20 && $0 < 0x7F ? $0 : UInt8(ascii: " ") }, as: UTF8.self)
    }
}
