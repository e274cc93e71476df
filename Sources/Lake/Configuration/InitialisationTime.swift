/// How the time is used that a function has before its first event. Lambda gives it 10 s; then it starts over within the
/// first invocation, and whatever was about to be said is lost.
enum InitialisationTime {
    /// After this, in milliseconds, no request is waited for.
    static let totalMs: Int64 = 8_000
    /// What one thing may take, in milliseconds, without which there is no lake: its definition, its catalog's secret.
    static let requestMs: Int64 = 6_000
    /// What each thing is given even if those before it were slow, in milliseconds.
    static let leastMs: Int64 = 1_000

    /// When requests must have ended that begin now.
    /// - Parameters:
    ///   - startMs: when initialisation began, in milliseconds since the epoch; nil for now.
    ///   - limitMs: how long they may take at most.
    static func end(startMs: Int64?, nowMs: Int64, limitMs: Int64) -> Int64 {
        max(nowMs + leastMs, min(nowMs + limitMs, (startMs ?? nowMs) + totalMs))
    }
}
