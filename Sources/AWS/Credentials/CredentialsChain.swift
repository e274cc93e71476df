internal import HTTPTransport

/// The credentials of a function: from the environment, or else from the container's endpoint, or else from the
/// instance's metadata service; the command line's are looked for in the shared files too. They are kept, and fetched
/// again before they expire.
public final class CredentialsChain: CredentialsProvider {
    private let sources: [any CredentialsSource]
    private let nowMs: () -> Int64
    private var cache = CredentialsCache()
    /// The source that had credentials, which is asked alone from then on.
    private var chosen: (any CredentialsSource)?

    /// A chain over sources in their order.
    init(_ sources: [any CredentialsSource], nowMs: @escaping () -> Int64) {
        self.sources = sources
        self.nowMs = nowMs
    }

    /// The credentials of the first source that has some.
    /// - Throws: ``ServiceError/Kind/credentials``, naming what was looked for.
    public func credentials() throws(ServiceError) -> Credentials {
        switch cache.answer(atMs: nowMs()) {
        case .use(let credentials): return credentials
        case .fetch(orUse: let kept):
            do throws(ServiceError) {
                let fetched = try fetch()
                cache.keep(fetched, atMs: nowMs())
                return fetched
            } catch {
                guard let kept else { throw error }
                cache.rest(atMs: nowMs())
                return kept
            }
        }
    }

    /// Has the next call fetch others.
    public func discard(_ credentials: Credentials) { cache.discard(credentials) }

    private func fetch() throws(ServiceError) -> Credentials {
        var looked: [String] = []
        for source in chosen.map({ [$0] }) ?? sources {
            do throws(CredentialsFault) {
                if let credentials = try source.fetch() {
                    chosen = source
                    return credentials
                }
                looked.append("\(source.name): not set")
            } catch {
                looked.append("\(source.name) \(error.message)")
                if source.isExplicit { break }
            }
        }
        throw ServiceError(
            .credentials, service: "aws", operation: "credentials", code: "MissingCredentials",
            message: "there are none; looked for " + looked.joined(separator: ", "),
            advice: "give the function a role, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
            mayHaveActed: false, attempts: 0)
    }
}
