/// Credentials that were fetched, and when to fetch them again. Pure: the time comes with each question.
struct CredentialsCache {
    /// What to do for credentials now.
    enum Answer: Equatable {
        /// Use these.
        case use(Credentials)
        /// Fetch others; these will do if that fails.
        case fetch(orUse: Credentials?)
    }

    private var current: Credentials?
    private var refused: Credentials?
    /// Not to be fetched again before, while there are some that may do.
    private var restsUntilMs = Int64.min

    /// Others are fetched so long before these expire, in milliseconds.
    static let leadMs: Int64 = 300_000
    /// After a fetch that brought nothing better, the next waits so long, in milliseconds.
    static let restMs: Int64 = 30_000

    /// What to do at a time, in milliseconds since the epoch.
    func answer(atMs now: Int64) -> Answer {
        guard let current else { return .fetch(orUse: nil) }
        guard current != refused else { return .fetch(orUse: current) }
        guard let expiration = current.expirationMs, now > expiration - Self.leadMs, now >= restsUntilMs else {
            return .use(current)
        }
        return .fetch(orUse: now < expiration ? current : nil)
    }

    /// Keeps what was fetched. Some that expire soon are kept too: a metadata service in trouble hands them out, and
    /// services may take them longer. Where a fetch brings what was refused, there are no others for now.
    mutating func keep(_ credentials: Credentials, atMs now: Int64) {
        current = credentials
        if credentials == refused { refused = nil }
        restsUntilMs = now + Self.restMs
    }

    /// Notes that a fetch failed while there were some that may do.
    mutating func rest(atMs now: Int64) { restsUntilMs = now + Self.restMs }

    /// Notes that a service refused these as expired.
    mutating func discard(_ credentials: Credentials) { refused = credentials }
}
