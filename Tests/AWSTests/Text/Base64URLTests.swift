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

    @Test func base64ForURLsHasOneSpelling() {
        for bytes in [[], [0], [0xFB, 0xFF], [1, 2, 3], [0xFF, 0xEF, 0xBE, 0xFB]] as [[UInt8]] {
            let text = Base64URL.encode(bytes)
            #expect(Base64URL.decode(text.utf8) == bytes && !text.contains("="))
        }
        #expect(Base64URL.encode([0xFB, 0xFF]) == "-_8")
        for text in ["+/8", "-_8=", "-_9", "a", "-_8 ", "\u{E9}\u{E9}"] { #expect(Base64URL.decode(text.utf8) == nil) }
    }
}
