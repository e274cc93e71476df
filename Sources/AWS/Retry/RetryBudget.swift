/// How many calls may be sent again while a service is in trouble: tokens that retries take and successes give back,
/// so that retries never multiply the load of a service that fails altogether.
struct RetryBudget: Equatable, Sendable {
    /// Tokens at the start, and never more.
    static let capacity = 500
    /// What a retry takes.
    static let cost = 5
    /// What a retry takes after no answer came in time, which is dearer to both sides.
    static let costOfTimeOut = 10

    /// The tokens that are left.
    private(set) var tokens = RetryBudget.capacity

    /// Takes a retry's tokens; false if there are too few, and then none is taken.
    mutating func take(_ cost: Int) -> Bool {
        guard tokens >= cost else { return false }
        tokens -= cost
        return true
    }

    /// Gives back what the call's last retry took; a first attempt that succeeded gives one.
    mutating func succeeded(afterTaking cost: Int) {
        tokens = min(Self.capacity, tokens + max(cost, 1))
    }
}
