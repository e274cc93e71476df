/// Where requests get their credentials from. One thread at a time may ask.
public protocol CredentialsProvider: AnyObject {
    /// The credentials to sign with now; kept ones while they are good for a while yet.
    func credentials() throws(ServiceError) -> Credentials
    /// Told that a service said of these credentials that they have expired: others are to be fetched, where there
    /// may be others.
    func discard(_ credentials: Credentials)
}

extension CredentialsProvider {
    /// Nothing: there are no others.
    public func discard(_ credentials: Credentials) {}
}

/// Credentials that never change.
public final class StaticCredentials: CredentialsProvider {
    private let value: Credentials

    /// A provider of these.
    public init(_ value: Credentials) { self.value = value }

    /// The credentials.
    public func credentials() -> Credentials { value }
}
