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
}
