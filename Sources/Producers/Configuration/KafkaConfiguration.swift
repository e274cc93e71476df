internal import AWS
internal import HTTPTransport
public import Kafka
public import Lake

/// How a job reaches its Kafka cluster: the variables `KAFKA_…` of its environment.
public struct KafkaConfiguration: Sendable {
    /// How connections are secured, as `KAFKA_SECURITY` spells it.
    public enum Security: String, CaseIterable, Sendable {
        case plaintext
        case tls
        case scramSHA256 = "scram-sha-256"
        case scramSHA512 = "scram-sha-512"
        case mskIAM = "msk-iam"

        /// The hash of SCRAM; nil without SCRAM.
        var scram: KafkaSettings.SCRAM? {
            switch self {
            case .scramSHA256: .sha256
            case .scramSHA512: .sha512
            case .plaintext, .tls, .mskIAM: nil
            }
        }
    }

    /// Where the cluster is reached first, each `host:port`.
    public let bootstrapServers: [String]
    /// How connections are secured.
    public let security: Security
    /// Path of the certificates that brokers' own may descend from, where it is not those of every service.
    public let certificateBundle: String?
    /// The name for SCRAM; nil if a secret holds it.
    let username: String?
    /// The password for SCRAM.
    let password: SecretSetting?

    static let serversVariable = "KAFKA_BOOTSTRAP_SERVERS"
    static let securityVariable = "KAFKA_SECURITY"
    static let usernameVariable = "KAFKA_USERNAME"
    static let passwordVariable = "KAFKA_PASSWORD"
    static let bundleVariable = "KAFKA_CA_BUNDLE"

    /// Reads what is set; an empty value counts as none.
    /// - Throws: ``ConfigurationError`` with every faulty variable.
    public init(_ environment: [String: String]) throws(ConfigurationError) {
        var faults: [ConfigurationError.Problem] = []
        func value(_ variable: String) -> String? { environment[variable].flatMap { $0.isEmpty ? nil : $0 } }
        func refuse(_ variable: String, _ message: String) {
            faults.append(ConfigurationError.Problem(variable: variable, message: message))
        }
        let isLocal =
            value("LAKE_LOCAL").map { $0 == "1" } ?? (value("AWS_LAMBDA_FUNCTION_NAME") == nil)
        var security = isLocal ? Security.plaintext : .mskIAM
        if let text = value(Self.securityVariable) {
            if let named = Security(rawValue: text) {
                security = named
            } else {
                refuse(
                    Self.securityVariable,
                    "must be one of \(Security.allCases.map(\.rawValue).joined(separator: ", "))")
            }
        }
        let example = "b-1.lake.example.com:\(security.usualPort)"
        if let text = value(Self.serversVariable) {
            bootstrapServers = KafkaServers.parse(text) ?? []
            if bootstrapServers.isEmpty {
                refuse(Self.serversVariable, "must be host:port of each server, with commas between: \(example)")
            }
        } else {
            bootstrapServers = []
            refuse(Self.serversVariable, "is not set; it must be, for example \(example)")
        }
        certificateBundle = value(Self.bundleVariable)
        if certificateBundle != nil, security == .plaintext {
            refuse(Self.bundleVariable, "is set, but \(Self.securityVariable) is plaintext, which has no certificates")
        }
        username = value(Self.usernameVariable)
        do throws(ConfigurationError) {
            let setting = try SecretSetting(Self.passwordVariable, environment, isRequired: security.scram != nil)
            password = setting.isSet ? setting : nil
        } catch {
            password = nil
            faults += error.problems
        }
        if security.scram == nil {
            let names = [
                Self.usernameVariable, Self.passwordVariable, Self.passwordVariable + SecretSetting.suffix,
            ]
            for name in names where value(name) != nil {
                refuse(
                    name,
                    "is set, but \(Self.securityVariable) is \(security.rawValue), which has no names and passwords")
            }
        } else if username == nil, value(Self.passwordVariable) != nil {
            refuse(Self.usernameVariable, "is not set, but \(Self.passwordVariable) is")
        }
        self.security = security
        guard faults.isEmpty else { throw ConfigurationError(problems: faults) }
    }

    /// The settings to reach the cluster with. A secret is asked for each time: whoever was refused takes new settings,
    /// in case the password was exchanged since.
    /// - Throws: ``ConfigurationError`` for a secret that holds no name and password, or where no region is known;
    ///   `ServiceError` if Secrets Manager does not give the secret out.
    public func settings(_ services: LakeServices) throws -> KafkaSettings {
        KafkaSettings(
            bootstrapServers: bootstrapServers, security: try connection(services),
            certificateBundle: security == .plaintext ? nil : certificateBundle ?? services.certificateBundle)
    }

    private func connection(_ services: LakeServices) throws -> KafkaSettings.Security {
        switch security {
        case .plaintext: return .plaintext
        case .tls: return .tls
        case .scramSHA256: return try scram(.sha256, services)
        case .scramSHA512: return try scram(.sha512, services)
        case .mskIAM:
            let named = bootstrapServers.lazy.compactMap(KafkaServers.region(ofServer:)).first
            guard let region = named ?? services.configuration.region else {
                throw Self.refusal("AWS_REGION", "is not set, and the names of the bootstrap servers tell no region")
            }
            return .mskIAM(region: region, credentials: Self.credentials(services))
        }
    }

    /// Credentials for librdkafka's own thread, which those of the services are not.
    private static func credentials(_ services: LakeServices) -> SharedCredentials {
        let (configuration, bundle) = (services.configuration, services.certificateBundle)
        return SharedCredentials {
            CredentialsChain(
                configuration, deadline: RequestDeadline(), certificates: HTTPCertificates(bundle: bundle))
        }
    }

    private func scram(_ hash: KafkaSettings.SCRAM, _ services: LakeServices) throws -> KafkaSettings.Security {
        guard let secret = try password?.secret(SecretsManager(services.client)) else {
            throw Self.refusal(Self.passwordVariable, "is not set")
        }
        let held = (name: secret.member("username"), password: secret.member("password"))
        let arn = Self.passwordVariable + SecretSetting.suffix
        guard let name = username ?? held.name, !name.isEmpty else {
            throw Self.refusal(
                Self.usernameVariable,
                "is not set, and the secret of \(arn) is no {\"username\": …, \"password\": …} that holds it")
        }
        var bytes = held.password.map { Array($0.utf8) } ?? secret.bytes
        // A line break that came along with a copy.
        while bytes.last == UInt8(ascii: "\n") || bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        guard !bytes.isEmpty, !bytes.contains(0), held.name == nil || held.password != nil else {
            throw Self.refusal(arn, "names a secret that holds no password")
        }
        return .scram(hash, username: name, password: Secret(bytes))
    }

    private static func refusal(_ variable: String, _ message: String) -> ConfigurationError {
        ConfigurationError(problems: [ConfigurationError.Problem(variable: variable, message: message)])
    }
}

extension KafkaConfiguration.Security {
    /// The port that MSK's brokers have for it.
    var usualPort: Int {
        switch self {
        case .plaintext: 9092
        case .tls: 9094
        case .scramSHA256, .scramSHA512: 9096
        case .mskIAM: 9098
        }
    }
}

extension KafkaConfiguration: CustomStringConvertible, CustomReflectable {
    /// Servers and the kind of security: safe to log.
    public var description: String { "\(bootstrapServers.joined(separator: ",")) (\(security.rawValue))" }
    /// Nothing: a dump shows no secret.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
