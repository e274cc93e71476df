import Testing

@testable import AWS

@Suite struct Base64URLTests {
    @Test(
        arguments: [
            ([], ""), ([0], "AA"), ([0, 0], "AAA"), ([0, 0, 0], "AAAA"), ([0xFB, 0xFF], "-_8"),
            ([0xFF, 0xEF, 0xBE], "_---"),
        ] as [([UInt8], String)])
    func usesTheAlphabetOfURLsWithoutPadding(bytes: [UInt8], text: String) {
        #expect(Base64URL.encode(bytes) == text)
    }
}
