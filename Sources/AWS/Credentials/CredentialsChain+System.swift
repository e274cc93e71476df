public import HTTPTransport

extension CredentialsChain {
    /// The chain of a configuration; nothing is fetched before credentials are asked for.
    /// - Parameters:
    ///   - deadline: until when looking for credentials may take.
    ///   - certificates: whom to believe.
    ///   - profiles: the shared files, where they are looked at: by the command line, not by a function.
    public convenience init(
        _ configuration: AWSConfiguration, deadline: RequestDeadline,
        certificates: HTTPCertificates = HTTPCertificates(), profiles: AWSProfiles? = nil,
        surroundings: ServiceSurroundings = .system()
    ) {
        var configuration = configuration
        // Roles are assumed in the profile's region where the environment names none.
        configuration.region = configuration.region ?? profiles?.region
        let wire = CredentialsWire(certificates, deadline)
        let access = CredentialsAccess(send: wire.send, read: FileText.read)
        self.init(
            Self.sources(configuration, access, profiles) {
                [configuration] role, credentials throws(CredentialsFault) in
                let client = ServiceClient(
                    configuration, credentials: StaticCredentials(credentials), transport: wire.transport(),
                    surroundings: surroundings)
                do throws(ServiceError) {
                    return try STS(client).assume(role)
                } catch {
                    throw CredentialsFault("cannot assume its role: \(error)")
                }
            },
            nowMs: surroundings.nowMs)
    }

    /// The sources in their order.
    static func sources(
        _ configuration: AWSConfiguration, _ access: CredentialsAccess, _ profiles: AWSProfiles?,
        assume: @escaping (AssumedRole, Credentials) throws(CredentialsFault) -> Credentials
    ) -> [any CredentialsSource] {
        let settings = configuration.credentials
        let environment = EnvironmentCredentials(credentials: settings.credentials)
        let container = ContainerCredentials(container: settings.container, access: access)
        let instance = InstanceCredentials(
            endpoint: settings.instanceEndpoint, isAsked: settings.asksInstance, access: access)
        guard let profiles else { return [environment, container, instance] }
        let named: [String: any CredentialsSource] = [
            "Environment": environment, "EcsContainer": container, "Ec2InstanceMetadata": instance,
        ]
        let profile = ProfileCredentials(profiles: profiles, named: named, assume: assume)
        return [environment, profile, container, instance]
    }
}

/// The transport of credentials' own requests, made when the first is sent: its time-outs are short, because where
/// there is no such service nobody answers.
private final class CredentialsWire {
    private let certificates: HTTPCertificates
    private let deadline: RequestDeadline
    private var made: HTTPTransport?

    private static let timeouts = HTTPTimeouts(connect: 1_000, idle: 2_000, total: 5_000)

    init(_ certificates: HTTPCertificates, _ deadline: RequestDeadline) {
        self.certificates = certificates
        self.deadline = deadline
    }

    func transport() -> HTTPTransport {
        let configuration = HTTPConfiguration(certificates: certificates, timeouts: Self.timeouts)
        let transport = made ?? HTTPTransport(configuration, deadline: deadline)
        made = transport
        return transport
    }

    func send(_ request: HTTPRequest) -> Result<HTTPResponse, HTTPFailure> { transport().send([request])[0] }
}
