/// How long to wait before a call is sent again: anything up to a bound that doubles with each attempt ("full jitter"),
/// so that those who failed together do not come back together.
package struct Backoff: Equatable, Sendable {
    /// The bound before the first retry, in milliseconds.
    let firstMs: Int64
    /// No bound is higher, in milliseconds.
    static let maximumMs: Int64 = 20_000

    /// After a fault of the service or the way to it.
    package static let transient = Backoff(firstMs: 100)
    /// After the service asked for less.
    package static let throttled = Backoff(firstMs: 1_000)

    /// A wait in milliseconds.
    /// - Parameter retry: 1 before the first retry.
    func wait(beforeRetry retry: Int, random: UInt64) -> Int64 {
        let doublings = min(max(retry - 1, 0), 20)
        let bound = min(firstMs << Int64(doublings), Self.maximumMs)
        return Int64(random % UInt64(bound + 1))
    }
}
