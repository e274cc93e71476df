/// Decides when it can be believed that nothing is left in a source: what it remembers of its ends may be older than the last
/// record that was put into it.
struct DrainWatch {
    /// Longer than any source remembers its ends.
    static let settleMs: Int64 = 1_000
    private var sinceMs: Int64?

    /// Notes whether no more records are put into the source.
    /// - Returns: whether what the source says of its ends from now on counts all records.
    mutating func look(isOver: Bool, nowMs: Int64) -> Bool {
        guard isOver else {
            sinceMs = nil
            return false
        }
        let since = sinceMs ?? nowMs
        sinceMs = since
        return nowMs - since >= Self.settleMs
    }
}
