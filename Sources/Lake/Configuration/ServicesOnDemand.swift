internal import AWS
internal import HTTPTransport
internal import Iceberg

/// The client of all services that a function calls, made when it is first needed: a lake that lies on this machine has
/// no need of one, but some of its jobs have.
final class ServicesOnDemand {
    /// Until when the client's requests may take.
    let deadline: RequestDeadline
    private let make: (RequestDeadline) -> ServiceClient?
    private var made: ServiceClient?

    /// - Parameter make: makes the client, whose requests end at a deadline.
    init(deadline: RequestDeadline = RequestDeadline(), _ make: @escaping (RequestDeadline) -> ServiceClient?) {
        self.deadline = deadline
        self.make = make
    }

    /// The client of these settings.
    /// - Parameters:
    ///   - settings: nil for none, and no client.
    ///   - credentials: what signs requests; nil for what a function looks for.
    ///   - environment: clock, randomness and waiting.
    convenience init(
        _ settings: ServiceSettings?, _ credentials: (any CredentialsProvider)?, _ environment: CommitEnvironment
    ) {
        self.init { deadline in
            guard let settings else { return nil }
            let surroundings = ServiceSurroundings(
                nowMs: environment.nowMs, random: environment.random, sleep: environment.sleep)
            let certificates = settings.certificates
            return ServiceClient(
                settings.aws,
                credentials: credentials
                    ?? CredentialsChain(
                        settings.aws, deadline: deadline, certificates: certificates, surroundings: surroundings),
                transport: HTTPTransport(HTTPConfiguration(certificates: certificates), deadline: deadline),
                surroundings: surroundings)
        }
    }

    /// The client.
    /// - Throws: ``IcebergError/Code/invalid`` if the settings cannot be used.
    func client() throws(IcebergError) -> ServiceClient {
        if let made { return made }
        guard let client = make(deadline) else {
            throw IcebergError(.invalid, "services cannot be called: the AWS_ variables of the environment are faulty")
        }
        made = client
        return client
    }
}
