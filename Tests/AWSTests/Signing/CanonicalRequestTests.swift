import HTTPTransport
import Testing

@testable import AWS

@Suite struct CanonicalRequestTests {
    private func lines(_ request: SignableRequest, keepsPath: Bool = false) -> [String] {
        let canonical = CanonicalRequest(request, keepsPath: keepsPath, payloadHash: "hash")
        return String(decoding: canonical.bytes, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false
        ).map { String($0) }
    }

    @Test(arguments: [
        ("/", "/"), ("//", "/"), ("/a//b", "/a/b"), ("/a/./b/../c", "/a/c"), ("/..", "/"), ("/a/", "/a/"),
        ("/a/..", "/"), ("/a%2Fb", "/a%252Fb"), ("/%C3%BC", "/%25C3%25BC"), ("", "/"), ("/a/./", "/a/"),
    ])
    func pathIsNormalizedAndEncodedOnceMore(_ path: String, _ canonical: String) {
        #expect(lines(SignableRequest(.get, host: "h", path: path))[1] == canonical)
    }

    @Test(arguments: ["/", "//a/../b//", "/a%2Fb/./"]) func pathOfS3StaysAsItIs(_ path: String) {
        #expect(lines(SignableRequest(.get, host: "h", path: path), keepsPath: true)[1] == path)
    }

    @Test func queryIsSortedByEncodedNameAndValue() {
        let query = [("b", "2"), ("a", "ü"), ("b", "1"), ("a-", ""), ("", ""), ("A", " +&="), ("a", "~")]
        #expect(
            lines(SignableRequest(.get, host: "h", path: "/", query: query))[2]
                == "=&A=%20%2B%26%3D&a=%C3%BC&a=~&a-=&b=1&b=2")
    }

    @Test func fieldsAreSortedTrimmedAndJoined() {
        let fields = [
            HTTPField("X-B", "  two \t  words "), HTTPField("x-a", "1"), HTTPField("X-A", "2"),
            HTTPField("User-Agent", "x"), HTTPField("Connection", "close"), HTTPField("x-empty", ""),
        ]
        let lines = lines(SignableRequest(.get, host: "h:1", path: "/", fields: fields))
        #expect(
            Array(lines[3...]) == [
                "host:h:1", "x-a:1,2", "x-b:two words", "x-empty:", "", "host;x-a;x-b;x-empty", "hash",
            ])
    }
}
