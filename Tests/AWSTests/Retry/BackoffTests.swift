import TestSupport
import Testing

@testable import AWS

@Suite struct BackoffTests {
    @Test func anyWaitUpToTheBoundComesUp() {
        var random = SeededGenerator(seed: 3)
        for (backoff, retry, bound) in [
            (Backoff.transient, 1, 100), (.transient, 3, 400), (.throttled, 1, 1_000), (.throttled, 9, 20_000),
            (.transient, 1_000, 20_000), (.transient, 0, 100),
        ] as [(Backoff, Int, Int64)] {
            let waits = (0..<2_000).map { _ in backoff.wait(beforeRetry: retry, random: random.next()) }
            #expect(waits.allSatisfy { (0...bound).contains($0) })
            #expect(waits.min() ?? bound < bound / 10 && waits.max() ?? 0 > bound / 10 * 9)
        }
    }
}
