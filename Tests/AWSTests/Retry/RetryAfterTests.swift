import Testing

@testable import AWS

@Suite struct RetryAfterTests {
    private func wait(_ fields: [String: String]) -> Int64? {
        RetryAfter.milliseconds(reply(503, "", fields), nowMs: 784_111_000_000)
    }

    @Test func readsSecondsMillisecondsAndDates() {
        #expect(wait([:]) == nil)
        #expect(wait(["Retry-After": "2"]) == 2_000)
        #expect(wait(["x-amz-retry-after": "250", "Retry-After": "2"]) == 250)
        #expect(wait(["Retry-After": "Sun, 06 Nov 1994 08:49:37 GMT"]) == 777_000)
        #expect(wait(["Retry-After": "Sun, 06 Nov 1994 08:00:00 GMT"]) == 0)
    }

    @Test func dateCountsFromTheServersOwnTime() {
        let fields = ["Retry-After": "Sun, 06 Nov 1994 08:49:37 GMT", "Date": "Sun, 06 Nov 1994 08:49:35 GMT"]
        #expect(wait(fields) == 2_000)
    }

    @Test(arguments: ["", "soon", "-1", "1.5", "99999999999999999999"]) func textThatIsNoWaitIsNone(_ text: String) {
        #expect(wait(["Retry-After": text]) == nil)
    }
}
