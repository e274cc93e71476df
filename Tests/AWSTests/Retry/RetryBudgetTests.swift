import Testing

@testable import AWS

@Suite struct RetryBudgetTests {
    @Test func aHundredRetriesInARowEmptyIt() {
        var budget = RetryBudget()
        let retries = (0..<101).map { _ in budget.take(RetryBudget.cost) }
        #expect(retries == Array(repeating: true, count: 100) + [false])
        #expect(budget.tokens == 0)
    }

    @Test func successesGiveBackButNeverAboveTheStart() {
        var budget = RetryBudget()
        budget.succeeded(afterTaking: 10)
        #expect(budget.tokens == RetryBudget.capacity)
        _ = budget.take(10)
        budget.succeeded(afterTaking: 0)
        #expect(budget.tokens == RetryBudget.capacity - 9)
        budget.succeeded(afterTaking: 5)
        #expect(budget.tokens == RetryBudget.capacity - 4)
    }
}
