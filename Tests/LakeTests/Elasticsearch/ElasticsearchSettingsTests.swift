import AWS
import HTTPTransport
import Testing

@testable import Lake

@Suite("Settings of Elasticsearch")
struct ElasticsearchSettingsTests {
    static let elsewhere = "https://search.example.com"

    private func problems(_ environment: [String: String]) -> [String] {
        do throws(ConfigurationError) {
            _ = try ElasticsearchSettings(environment)
            return []
        } catch {
            return error.problems.map(\.variable)
        }
    }

    @Test(
        arguments: [
            ([:], ["ELASTICSEARCH_URL"]), (["ELASTICSEARCH_URL": ""], ["ELASTICSEARCH_URL"]),
            (["ELASTICSEARCH_URL": elsewhere], ["ELASTICSEARCH_API_KEY"]),
            (["ELASTICSEARCH_URL": "http://search.example.com"], ["ELASTICSEARCH_URL"]),
            (["ELASTICSEARCH_URL": "http://127.0.0.1.example.com"], ["ELASTICSEARCH_URL"]),
            (["ELASTICSEARCH_URL": elsewhere, "ELASTICSEARCH_AUTHENTICATION": "no"], ["ELASTICSEARCH_AUTHENTICATION"]),
            (
                [
                    "ELASTICSEARCH_USERNAME": "u", "ELASTICSEARCH_PASSWORD": "p",
                    "ELASTICSEARCH_PASSWORD_SECRET_ARN": "a",
                ],
                ["ELASTICSEARCH_URL", "ELASTICSEARCH_PASSWORD"]
            ),
        ] as [([String: String], [String])])
    func faultsAreNamedAllAtOnce(environment: [String: String], variables: [String]) {
        #expect(problems(environment) == variables)
    }

    @Test(arguments: [
        ["ELASTICSEARCH_URL": "http://localhost:9200"], ["ELASTICSEARCH_URL": "http://[::1]:9200/a/"],
        ["ELASTICSEARCH_URL": elsewhere, "ELASTICSEARCH_AUTHENTICATION": "none"],
        ["ELASTICSEARCH_URL": elsewhere, "ELASTICSEARCH_API_KEY_SECRET_ARN": "a"],
        ["ELASTICSEARCH_URL": elsewhere, "ELASTICSEARCH_PASSWORD_SECRET_ARN": "a"],
        ["ELASTICSEARCH_URL": elsewhere, "ELASTICSEARCH_USERNAME": "u", "ELASTICSEARCH_PASSWORD": "p"],
    ])
    func theseWillDo(environment: [String: String]) { #expect(problems(environment).isEmpty) }

    @Test func showsNoSecret() throws {
        let settings = try ElasticsearchSettings(["ELASTICSEARCH_URL": Self.elsewhere, "ELASTICSEARCH_API_KEY": "hush"])
        var dumped = ""
        dump(settings, to: &dumped)
        #expect(!(dumped + "\(settings)" + String(reflecting: settings)).contains("hush"))
    }

    private func field(_ secret: String, _ variable: String, username: String? = nil) throws -> String? {
        let credential = try ElasticsearchCredential(Secret(Array(secret.utf8)), of: variable, username: username)
        guard case .field(let field) = credential.authorization else { return nil }
        return field.name == "authorization" ? field.value : nil
    }

    @Test(arguments: [
        ("key", "ApiKey key"), ("key\r\n", "ApiKey key"), ("id:key", "ApiKey aWQ6a2V5"),
        (#"{"apiKey":"k"}"#, "ApiKey k"),
        (#"{"id":"id","api_key":"key"}"#, "ApiKey aWQ6a2V5"), (#"{"id":"i","api_key":"k","encoded":"e"}"#, "ApiKey e"),
        (#"{"username":"u","password":"p"}"#, "Basic dTpw"), ("{key", "ApiKey {key"),
    ])
    func secretsOfAnAPIKey(secret: String, value: String) throws {
        #expect(try field(secret, ElasticsearchSettings.apiKeyVariable) == value)
    }

    @Test(arguments: [
        ("p", "Basic dTpw"), (#"{"password":"p"}"#, "Basic dTpw"), (#"{"username":"v","password":"p"}"#, "Basic djpw"),
        (#"{"apiKey":"k"}"#, "ApiKey k"),
    ])
    func secretsOfAPassword(secret: String, value: String) throws {
        #expect(try field(secret, ElasticsearchSettings.passwordVariable, username: "u") == value)
    }

    @Test(arguments: ["", "\n", "{}", #"{"password":"p"}"#, #"{"key":"k"}"#, "a\nb", "ä"])
    func unusableSecretsAreRefused(secret: String) {
        #expect(throws: ConfigurationError.self) { try field(secret, ElasticsearchSettings.apiKeyVariable) }
    }
}
