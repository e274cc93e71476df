import Testing

@testable import AWS

@Suite struct PercentEncodingTests {
    @Test(arguments: [
        ("", ""), ("aZ09-._~", "aZ09-._~"), (" ", "%20"), ("+", "%2B"), ("/", "%2F"), ("ü", "%C3%BC"),
        ("🦢", "%F0%9F%A6%A2"), ("%", "%25"), ("*'()!", "%2A%27%28%29%21"), ("\u{0}", "%00"),
    ])
    func encodesAllButUnreservedCharacters(_ text: String, _ encoded: String) {
        #expect(PercentEncoding.encode(text) == encoded)
    }

    @Test func pathKeepsItsSlashes() { #expect(PercentEncoding.encode("a/b c", keepsSlashes: true) == "a/b%20c") }

    @Test func queryKeepsOrderAndEmptyValues() {
        #expect(PercentEncoding.encode([("b", ""), ("a", "1 &"), ("b", "=")]) == "b=&a=1%20%26&b=%3D")
    }

    @Test func formWritesSpacesAsPlusSigns() {
        let form = PercentEncoding.encodeForm([("a", " b  c+ "), ("d", "")])
        #expect(String(decoding: form, as: UTF8.self) == "a=+b++c%2B+&d=")
    }

    @Test(arguments: [
        ("", ""), ("a%2Fb", "a/b"), ("%c3%BC", "ü"), ("a+b%2B", "a+b+"), ("ü", "ü"), ("%00%25", "\u{0}%"),
        ("%F0%9F%A6%A2", "🦢"),
    ])
    func decodesWhatIsEncoded(_ encoded: String, _ text: String) {
        #expect(PercentEncoding.decode(encoded) == text)
        #expect(PercentEncoding.decode(PercentEncoding.encode(text)) == text)
    }

    @Test func plusSignIsASpaceWhereItIsSaidToBe() {
        #expect(PercentEncoding.decode("a+b%2B", plusIsSpace: true) == "a b+")
    }

    @Test(arguments: ["%", "a%4", "%4", "%zz", "%-1", "%+1", "% 1", "%FF", "%C3"]) func refusesAllElse(_ text: String) {
        #expect(PercentEncoding.decode(text) == nil)
    }

    @Test func noTextTraps() {
        for bytes in mutations(of: "a%2Fb+%C3%BC%F0%9F%A6%A2", count: 3_000, seed: 2) {
            guard let text = PercentEncoding.decode(String(decoding: bytes, as: UTF8.self)) else { continue }
            #expect(PercentEncoding.decode(PercentEncoding.encode(text)) == text)
        }
    }
}
