import Testing

@testable import AWS

@Suite struct HTTPDateTests {
    @Test(
        arguments: [
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777_000),
            ("Tue, 29 Feb 2000 23:59:60 GMT", 951_868_800_000), ("Fri, 31 Dec 2099 23:59:59 GMT", 4_102_444_799_000),
        ] as [(String, Int64)])
    func readsTheDatesOfRFC9110(_ text: String, _ milliseconds: Int64) {
        #expect(HTTPDate.milliseconds(text) == milliseconds)
    }

    @Test(arguments: [
        "", "now", "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT",
        "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 06 nov 1994 08:49:37 GMT",
        "Sun, -6 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
    ])
    func refusesAllElse(_ text: String) { #expect(HTTPDate.milliseconds(text) == nil) }

    @Test func noTextTraps() {
        let text = "Sun, 06 Nov 1994 08:49:37 GMT"
        for bytes in mutations(of: text, count: 5_000, seed: 1) + truncations(of: text) {
            _ = HTTPDate.milliseconds(String(decoding: bytes, as: UTF8.self))
        }
    }

    @Test func numbersAreDigitsOfBoundedValue() {
        #expect(HTTPDate.number("0042".utf8) == 42)
        for text in ["", "+1", "-1", " 1", "1.5", "99999999999999999999"] { #expect(HTTPDate.number(text.utf8) == nil) }
    }
}
