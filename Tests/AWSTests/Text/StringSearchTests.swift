import Testing

@testable import AWS

@Suite struct StringSearchTests {
    @Test(arguments: [
        ("https://host", "://", "https"), ("://", "://", ""), ("aaab", "aab", "a"), ("größe: ü", "ü", "größe: "),
        ("x", "", ""),
    ])
    func textIsFoundWhereItOccursFirst(text: String, sought: String, before: String) throws {
        let range = try #require(text.firstOccurrence(of: sought))
        #expect(text[..<range.lowerBound] == before && text[range] == sought)
        #expect(text.holds(sought) && text[...].holds(sought[...]))
    }

    @Test(arguments: [("", "a"), ("ab", "abc"), ("aXb", "ab"), ("é", "e"), ("ABC", "abc")])
    func textThatIsNotThereIsNotFound(text: String, sought: String) { #expect(!text.holds(sought)) }

    @Test(arguments: [
        ("a-b-c", "-", "a…b…c"), ("--", "-", "……"), ("aaa", "aa", "…a"), ("key", "", "key"), ("", "key", ""),
        ("key", "key", "…"),
    ])
    func everyOccurrenceIsExchanged(text: String, sought: String, result: String) {
        #expect(text.exchanging(sought, for: "…") == result)
    }

    @Test(arguments: [
        ("the token is eyJhbGci", "eyJhbGciOiJIUzI1NiJ9", "the token is …"), ("a eyJh", "eyJhbGci", "a …"),
        ("a eyJ", "eyJhbGci", "a eyJ"), ("eyJhbGci, eyJhb", "eyJhbGci", "…, …"), ("", "secret", ""),
        ("say secretsecre", "secret", "say ……"), ("no", "", "no"), ("sec", "sec", "…"),
    ])
    func aSecretIsHiddenThoughTheTextIsCutOffWithinIt(text: String, secret: String, result: String) {
        #expect(text.hiding(secret) == result)
    }
}
