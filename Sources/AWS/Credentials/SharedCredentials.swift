internal import Synchronization

/// Credentials that any thread may ask for, one after the other.
public final class SharedCredentials: CredentialsProvider, Sendable {
    /// What is asked; of no other use to anyone, so that the lock guards all of it.
    private struct Guarded: ~Copyable {
        let provider: any CredentialsProvider
    }

    private let guarded: Mutex<Guarded>

    /// A provider of its own for these threads.
    /// - Parameter make: makes what is asked, which nothing else may hold.
    public init(_ make: @Sendable () -> any CredentialsProvider) {
        guarded = Mutex(Guarded(provider: make()))
    }

    /// The credentials to sign with now. Another thread that asks meanwhile waits.
    public func credentials() throws(ServiceError) -> Credentials {
        try guarded.withLock { (guarded) throws(ServiceError) in try guarded.provider.credentials() }
    }

    /// Has the next call fetch others.
    public func discard(_ credentials: Credentials) { guarded.withLock { $0.provider.discard(credentials) } }
}
