import Testing

@testable import AWS

@Suite struct SigningDateTests {
    @Test(
        arguments: [
            (0, "19700101T000000Z"), (999, "19700101T000000Z"), (1_369_353_600_000, "20130524T000000Z"),
            (951_827_696_000, "20000229T123456Z"), (4_102_444_799_999, "20991231T235959Z"), (-1, "19691231T235959Z"),
        ] as [(Int64, String)])
    func isTheSecondInUTC(_ milliseconds: Int64, _ text: String) {
        #expect(SigningDate(milliseconds: milliseconds).text == text)
        #expect(SigningDate(milliseconds: milliseconds).day == text.prefix(8))
    }
}
