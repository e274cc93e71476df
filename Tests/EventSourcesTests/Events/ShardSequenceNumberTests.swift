import Testing

@testable import EventSources

@Suite struct ShardSequenceNumberTests {
    @Test func numbersHave56DigitsAndGrow() {
        var previous = ""
        for offset: Int64 in [0, 1, 8, 9, 98, 99, 12_345_678, 999_999_999_999] {
            let text = ShardSequenceNumber.text(offset)
            #expect(text.count == 56)
            #expect(text > previous)
            #expect(ShardSequenceNumber.offset(text) == offset)
            previous = text
        }
    }

    @Test(arguments: [
        "", "1", "49590338271490256608559692538361571095921575989136588898", String(repeating: "x", count: 56),
        "49660123456789012345678901234567890123450000000000000000",
        "4966012345678901234567890123456789012345+000000000000042",
        "496601234567890123456789012345678901234500000000000000420",
    ])
    func otherNumbersAreNotOfThisStream(_ text: String) { #expect(ShardSequenceNumber.offset(text) == nil) }
}
