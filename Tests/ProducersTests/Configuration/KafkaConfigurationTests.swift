import AWS
import HTTPTransport
import Kafka
import Lake
import Testing

@testable import Producers

@Suite struct KafkaConfigurationTests {
    private static let servers = ["KAFKA_BOOTSTRAP_SERVERS": "b-1.example.com:9092, b-2.example.com:9092"]
    private static let function = ["AWS_LAMBDA_FUNCTION_NAME": "poll-quotes"]
    private static let arn = "arn:aws:secretsmanager:eu-west-1:1:secret:AmazonMSK_lake-a1b2c3"

    private func configuration(_ environment: [String: String] = [:]) throws -> KafkaConfiguration {
        try KafkaConfiguration(Self.servers.merging(environment) { $1 })
    }

    private func problems(_ environment: [String: String]) -> [String] {
        do {
            _ = try KafkaConfiguration(environment)
            return []
        } catch {
            return error.problems.map { "\($0.variable) \($0.message)" }
        }
    }

    /// The services of a region, whose Secrets Manager holds one secret.
    private func services(
        _ environment: [String: String] = ["AWS_REGION": "eu-west-1"], secret: String = "", bundle: String? = nil
    ) throws -> LakeServices {
        final class Held: CredentialsProvider {
            func credentials() -> Credentials { Credentials(accessKeyID: "AKID", secretAccessKey: "hidden") }
        }
        let reply =
            #"{"SecretString": "\#(secret.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\""))"}"#
        let client = ServiceClient(
            try AWSConfiguration(environment: environment), credentials: Held(), deadline: RequestDeadline(),
            surroundings: ServiceSurroundings(nowMs: { 0 }, random: SystemRandomNumberGenerator(), sleep: { _ in }),
            send: { requests in { requests.map { _ in .success(HTTPResponse(status: 200, body: Array(reply.utf8))) } } }
        )
        let definition = try LakeDefinition(
            parsing: Array(#"{"databases": [], "tables": [], "streams": []}"#.utf8))
        return LakeServices(definition, client: client, credentials: Held(), certificateBundle: bundle)
    }

    // MARK: - What the environment says

    @Test func aLaptopSpeaksPlaintextAndAFunctionSignsIn() throws {
        #expect(try configuration().security == .plaintext)
        #expect(try configuration(Self.function).security == .mskIAM)
        #expect(try configuration(Self.function.merging(["LAKE_LOCAL": "1"]) { $1 }).security == .plaintext)
        #expect(try configuration(["LAKE_LOCAL": "0"]).security == .mskIAM)
        #expect(try configuration(Self.function.merging(["KAFKA_SECURITY": "tls"]) { $1 }).security == .tls)
    }

    @Test func serversAreSeparatedByCommas() throws {
        #expect(try configuration().bootstrapServers == ["b-1.example.com:9092", "b-2.example.com:9092"])
        let list = "127.0.0.1:1 ,\t[::1]:65535,a_b-c.D:9098,127.0.0.1:1\n"
        #expect(
            try configuration(["KAFKA_BOOTSTRAP_SERVERS": list]).bootstrapServers
                == ["127.0.0.1:1", "[::1]:65535", "a_b-c.D:9098"])
    }

    @Test(arguments: [
        "b-1", "b-1:", ":9092", "b-1:0", "b-1:65536", "b-1:+92", "b-1:９", "b-1:9092,", ",", " ", "b 1:9092", "b;1:9092",
        "[b]:1", "[]:1", "::1:1", "PLAINTEXT://b:1", "b:1;security.protocol=x",
    ])
    func otherServersAreRefused(_ list: String) {
        #expect(
            problems(["KAFKA_BOOTSTRAP_SERVERS": list]) == [
                "KAFKA_BOOTSTRAP_SERVERS must be host:port of each server, with commas between: "
                    + "b-1.lake.example.com:9092"
            ])
    }

    @Test func serversMustBeNamed() {
        #expect(
            problems(["KAFKA_BOOTSTRAP_SERVERS": ""]) == [
                "KAFKA_BOOTSTRAP_SERVERS is not set; it must be, for example b-1.lake.example.com:9092"
            ])
        #expect(
            problems(Self.function) == [
                "KAFKA_BOOTSTRAP_SERVERS is not set; it must be, for example b-1.lake.example.com:9098"
            ])
    }

    @Test(arguments: ["SASL_SSL", "scram", "MSK-IAM", "none"])
    func otherSecurityIsRefused(_ text: String) {
        #expect(
            problems(Self.servers.merging(["KAFKA_SECURITY": text]) { $1 }) == [
                "KAFKA_SECURITY must be one of plaintext, tls, scram-sha-256, scram-sha-512, msk-iam"
            ])
    }

    @Test func scramNeedsNameAndPassword() {
        let scram = Self.servers.merging(["KAFKA_SECURITY": "scram-sha-512"]) { $1 }
        #expect(
            problems(scram) == [
                "KAFKA_PASSWORD is not set, and neither is KAFKA_PASSWORD_SECRET_ARN, the ARN of a secret that holds it"
            ])
        #expect(
            problems(scram.merging(["KAFKA_PASSWORD": "p"]) { $1 }) == [
                "KAFKA_USERNAME is not set, but KAFKA_PASSWORD is"
            ])
        #expect(
            problems(
                scram.merging([
                    "KAFKA_USERNAME": "u", "KAFKA_PASSWORD": "p", "KAFKA_PASSWORD_SECRET_ARN": Self.arn,
                ]) { $1 }) == [
                    "KAFKA_PASSWORD is set, and so is KAFKA_PASSWORD_SECRET_ARN: only one of them may be"
                ])
        #expect(problems(scram.merging(["KAFKA_USERNAME": "u", "KAFKA_PASSWORD": "p"]) { $1 }) == [])
        #expect(problems(scram.merging(["KAFKA_PASSWORD_SECRET_ARN": Self.arn]) { $1 }) == [])
    }

    @Test func whatWouldDoNothingIsRefused() {
        let found = problems([
            "KAFKA_SECURITY": "plaintext", "KAFKA_USERNAME": "u", "KAFKA_PASSWORD": "hidden",
            "KAFKA_CA_BUNDLE": "/x.pem",
        ])
        #expect(
            found == [
                "KAFKA_BOOTSTRAP_SERVERS is not set; it must be, for example b-1.lake.example.com:9092",
                "KAFKA_CA_BUNDLE is set, but KAFKA_SECURITY is plaintext, which has no certificates",
                "KAFKA_USERNAME is set, but KAFKA_SECURITY is plaintext, which has no names and passwords",
                "KAFKA_PASSWORD is set, but KAFKA_SECURITY is plaintext, which has no names and passwords",
            ])
        #expect(found.allSatisfy { !$0.contains("hidden") })
        let secret = Self.servers.merging(["KAFKA_SECURITY": "msk-iam", "KAFKA_PASSWORD_SECRET_ARN": Self.arn]) { $1 }
        #expect(problems(secret).count == 1)
    }

    @Test func noPasswordIsShown() throws {
        let configuration = try configuration([
            "KAFKA_SECURITY": "scram-sha-256", "KAFKA_USERNAME": "u", "KAFKA_PASSWORD": "correct horse",
        ])
        let settings = try configuration.settings(try services())
        var text = "\(configuration) \(settings)"
        dump(configuration, to: &text)
        dump(settings, to: &text)
        #expect(!text.contains("correct horse"))
        #expect("\(configuration)" == "b-1.example.com:9092,b-2.example.com:9092 (scram-sha-256)")
    }

    // MARK: - What comes of it

    private func scram(_ settings: KafkaSettings) -> (KafkaSettings.SCRAM, String, String?)? {
        guard case .scram(let hash, let name, let password) = settings.security else { return nil }
        return (hash, name, password.text)
    }

    @Test func plaintextNeedsNothingElse() throws {
        let settings = try configuration().settings(try services(["AWS_REGION": ""], bundle: "/all.pem"))
        guard case .plaintext = settings.security else { throw KafkaError(.refused, "not plaintext") }
        #expect(settings.bootstrapServers == ["b-1.example.com:9092", "b-2.example.com:9092"])
        #expect(settings.certificateBundle == nil)
    }

    @Test func certificatesAreThoseOfEveryServiceUnlessNamed() throws {
        let services = try services(bundle: "/all.pem")
        #expect(try configuration(["KAFKA_SECURITY": "tls"]).settings(services).certificateBundle == "/all.pem")
        let named = try configuration(["KAFKA_SECURITY": "tls", "KAFKA_CA_BUNDLE": "/kafka.pem"])
        #expect(try named.settings(services).certificateBundle == "/kafka.pem")
    }

    @Test func namesAndPasswordsComeFromTheEnvironment() throws {
        let settings = try configuration([
            "KAFKA_SECURITY": "scram-sha-256", "KAFKA_USERNAME": "u", "KAFKA_PASSWORD": "p",
        ]).settings(try services())
        let (hash, name, password) = try #require(scram(settings))
        #expect((hash, name, password ?? "") == (.sha256, "u", "p"))
    }

    @Test(
        arguments: [
            (#"{"username": "held", "password": "p q"}"#, nil, "held", "p q"),
            (#"{"username": "held", "password": "p"}"#, "named", "named", "p"),
            (#"plain"#, "named", "named", "plain"), (#"line\n"#, "named", "named", "line"),
        ] as [(String, String?, String, String)])
    func namesAndPasswordsComeFromASecret(secret: String, username: String?, name: String, password: String) throws {
        var environment = ["KAFKA_SECURITY": "scram-sha-512", "KAFKA_PASSWORD_SECRET_ARN": Self.arn]
        environment["KAFKA_USERNAME"] = username
        let settings = try configuration(environment).settings(try services(secret: secret))
        let found = try #require(scram(settings))
        #expect((found.0, found.1, found.2 ?? "") == (.sha512, name, password))
    }

    @Test(
        arguments: [
            ("plain", nil, "KAFKA_USERNAME"), (#"{"password": "p"}"#, nil, "KAFKA_USERNAME"),
            (#"{"username": "u"}"#, nil, "KAFKA_PASSWORD_SECRET_ARN"), ("", "u", "KAFKA_PASSWORD_SECRET_ARN"),
            (#"{"username": "u", "password": ""}"#, nil, "KAFKA_PASSWORD_SECRET_ARN"),
        ] as [(String, String?, String)])
    func aSecretWithoutThemIsNamed(secret: String, username: String?, variable: String) throws {
        var environment = ["KAFKA_SECURITY": "scram-sha-512", "KAFKA_PASSWORD_SECRET_ARN": Self.arn]
        environment["KAFKA_USERNAME"] = username
        let configuration = try configuration(environment)
        let services = try services(secret: secret)
        let error = #expect(throws: ConfigurationError.self) { try configuration.settings(services) }
        #expect(error?.problems.map(\.variable) == [variable])
    }

    // MARK: - Regions

    @Test(
        arguments: [
            ("b-1.lake.a1b2c3.c2.kafka.eu-west-1.amazonaws.com:9098", "eu-west-1"),
            ("boot-a1b2c3.c1.kafka-serverless.us-east-1.amazonaws.com:9098", "us-east-1"),
            ("b-2-public.lake.a1.c3.kafka.cn-north-1.amazonaws.com.cn:9198", "cn-north-1"),
            ("kafka.example.com:9098", nil), ("b-1.kafka..amazonaws.com:1", nil),
            ("b.notkafka.eu-west-1.amazonaws.com:1", nil),
            ("localhost:9098", nil), ("[::1]:9098", nil), ("amazonaws.com:1", nil),
        ] as [(String, String?)])
    func brokersOfMSKTellTheirRegion(server: String, region: String?) {
        #expect(KafkaServers.region(ofServer: server) == region)
    }

    @Test func tokensAreOfTheClustersRegion() throws {
        let server = "b-1.lake.a1b2c3.c2.kafka.us-west-2.amazonaws.com:9098"
        func region(_ environment: [String: String], _ services: LakeServices) throws -> String? {
            let settings = try configuration(environment.merging(["KAFKA_SECURITY": "msk-iam"]) { $1 })
                .settings(services)
            guard case .mskIAM(let region, let credentials) = settings.security else { return nil }
            #expect(try credentials.credentials().accessKeyID == "AKID-TEST")
            return region
        }
        let held = [
            "AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "AKID-TEST", "AWS_SECRET_ACCESS_KEY": "hidden",
        ]
        #expect(try region([:], try services(held)) == "eu-west-1")
        #expect(try region(["KAFKA_BOOTSTRAP_SERVERS": server], try services(held)) == "us-west-2")
        let error = #expect(throws: ConfigurationError.self) {
            try region([:], try services(held.merging(["AWS_REGION": ""]) { $1 }))
        }
        #expect(
            error?.description == "AWS_REGION is not set, and the names of the bootstrap servers tell no region")
    }
}
