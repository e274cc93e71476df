internal import AWS
internal import HTTPTransport
internal import JSON

/// What proves who writes: an API key, or a user's name and password.
///
/// A secret may be the bare API key or password, or a JSON object: `{"apiKey":…}`, the answer of Elasticsearch to the
/// creation of a key (`encoded`, or `id` with `api_key`), or `{"username":…,"password":…}`, whichever variable names it.
struct ElasticsearchCredential {
    /// As requests carry it.
    let authorization: ServiceRequest.Authorization

    /// - Parameters:
    ///   - variable: the setting that the secret is of, for errors.
    ///   - username: the user whose password a bare secret is; nil if it is an API key.
    /// - Throws: ``ConfigurationError`` for a secret that cannot be one.
    init(_ secret: Secret, of variable: String, username: String? = nil) throws(ConfigurationError) {
        func refuse(_ message: String) -> ConfigurationError {
            ConfigurationError(problems: [ConfigurationError.Problem(variable: variable, message: message)])
        }
        let isPassword = variable == ElasticsearchSettings.passwordVariable
        let value: String
        if let encoded = secret.member("encoded") {
            value = "ApiKey \(encoded)"
        } else if let key = secret.member("apiKey") ?? secret.member("api_key") {
            value = Self.apiKey(secret.member("id").map { "\($0):\(key)" } ?? key)
        } else if let password = secret.member("password") {
            guard let name = secret.member("username") ?? username else {
                throw refuse("is a JSON object with a password, but without a username")
            }
            value = Self.basic(name, password)
        } else if let text = secret.text.map(Self.trimmed), !text.isEmpty {
            if text.hasPrefix("{"), (try? JSONValue(parsing: secret.bytes)) != nil {
                throw refuse("is a JSON object, but has neither apiKey nor username and password")
            }
            if isPassword {
                guard let username else {
                    throw refuse("is no JSON object with username and password, and ELASTICSEARCH_USERNAME is not set")
                }
                value = Self.basic(username, text)
            } else {
                value = Self.apiKey(text)
            }
        } else {
            throw refuse("is empty")
        }
        guard value.utf8.allSatisfy({ $0 > 0x1F && $0 < 0x7F }) else {
            throw refuse("holds a character that no API key has")
        }
        authorization = .field(HTTPField("authorization", value))
    }

    /// A key as Elasticsearch encodes it, or its id and secret with a colon between, which are encoded here.
    private static func apiKey(_ text: String) -> String {
        "ApiKey " + (text.utf8.contains(UInt8(ascii: ":")) ? Base64.encode(Array(text.utf8)) : text)
    }

    /// RFC 7617.
    private static func basic(_ username: String, _ password: String) -> String {
        "Basic " + Base64.encode(Array("\(username):\(password)".utf8))
    }

    /// Without the line break that editors put at the end of a file.
    private static func trimmed(_ text: String) -> String {
        var text = Substring(text)
        while let last = text.unicodeScalars.last, last == "\n" || last == "\r" { text.unicodeScalars.removeLast() }
        return String(text)
    }
}
