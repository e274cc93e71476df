import LambdaRuntime
import Testing

@testable import Lake

@Suite struct WorkDeadlineTests {
    /// - Parameter milliseconds: since the epoch, of which a million have passed.
    private func deadline(_ milliseconds: Int64) -> WorkDeadline {
        WorkDeadline(TemporaryLake.context(nowMs: 0, timeMs: milliseconds, clock: WallClock { 1_000_000 }))
    }

    @Test func requestsEndAfterCommitsAndBeforeTheFunction() throws {
        let deadline = deadline(1_060_000)
        let requestMs = try #require(deadline.requestMs)
        #expect(!deadline.hasPassed)
        #expect(deadline.commitMs < requestMs && requestMs < 1_060_000)
    }

    /// Others subtract the time of day from it.
    @Test(arguments: [.min, .min + 1, -5, 0] as [Int64])
    func aDeadlineBeforeTheEpochIsOneThatHasPassed(milliseconds: Int64) {
        #expect(deadline(milliseconds).requestMs == 0)
        #expect(deadline(milliseconds).hasPassed)
    }

    @Test func withoutADeadlineRequestsHaveNone() { #expect(deadline(.max).requestMs == nil) }
}
