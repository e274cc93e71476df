import HTTPTransport
import Testing

@Suite struct RequestValidityTests {
    private func fault(_ request: HTTPRequest) -> HTTPFailure? { HTTPTransport().send(request).failure }

    @Test(arguments: [
        "", "http://", "https://", "127.0.0.1/", "//127.0.0.1/", "ftp://127.0.0.1/", "file:///etc/passwd",
        "HTTP://127.0.0.1/", "http://user@127.0.0.1/", "http://user:word@127.0.0.1/", "http://127.0.0.1:/",
        "http://127.0.0.1:0/", "http://127.0.0.1:65536/", "http://127.0.0.1:80a/", "http://127.0.0.1 /", "http://a b/",
        "http://127.0.0.1/a b", "http://127.0.0.1/\r\nX: y", "http://127.0.0.1/\0", "http://127.0.0.1/é",
        "http://127.0.0.1/#fragment", "http://127%2e0.0.1/", "http://127.0.0.1\\@example.com/", "http://[::1/",
        "http://[::1]x/", "http://[::1%25lo]/", "http://[]/", "http://[::1]:/", "http://[1:2]/",
        "https://\(String(repeating: "a", count: 254))/",
    ])
    func aMalformedURLIsNotSent(_ url: String) {
        let failure = fault(HTTPRequest(.get, url))
        #expect(failure?.code == .invalidRequest, "\(url)")
        #expect(failure?.mayHaveActed == false)
    }

    @Test(arguments: [
        "http://example.com/", "http://10.0.0.1/", "http://127.0.0.1.example.com/", "http://128.0.0.1/",
        "http://0.0.0.0/", "http://127.1/", "http://2130706433/", "http://0177.0.0.1/", "http://[::2]/",
        "http://[::ffff:127.0.0.1]/", "http://169.254.169.253/", "http://localhost.example.com/",
        "http://169.254.170.3/", "http://[fd00:ec2::253]/",
    ])
    func plainHTTPStaysOnThisMachine(_ url: String) {
        let failure = fault(HTTPRequest(.get, url))
        #expect(failure?.code == .invalidRequest, "\(url)")
        #expect(failure?.message.contains("https://") == true)
    }

    @Test(arguments: [
        "http://127.0.0.1:1/", "http://127.255.3.4:1/", "http://localhost:1/", "http://LOCALHOST:1/", "http://[::1]:1/",
        "http://[0:0:0:0:0:0:0:1]:1/",
    ])
    func loopbackMayBePlain(_ url: String) {
        // Nothing listens there, which is found out only by trying.
        #expect(fault(HTTPRequest(.get, url))?.code == .cannotConnect)
    }

    @Test(arguments: [
        HTTPField("", "x"), HTTPField("a b", "x"), HTTPField("a:b", "x"), HTTPField("a\r\nb", "x"), HTTPField("é", "x"),
        HTTPField("a", "x\r\nHost: other"), HTTPField("a", "x\ny"), HTTPField("a", "x\ry"), HTTPField("a", "x\0y"),
        HTTPField("a", "x\u{7f}"), HTTPField("a", " x"), HTTPField("a", "x\t"), HTTPField("Host", "other"),
        HTTPField("content-LENGTH", "1"), HTTPField("Transfer-Encoding", "chunked"), HTTPField("Connection", "close"),
        HTTPField("Expect", "100-continue"), HTTPField("TE", "trailers"), HTTPField("Upgrade", "h2c"),
    ])
    func aFieldThatCouldBreakTheMessageIsNotSent(_ field: HTTPField) {
        let server = ScriptedServer { _ in .status(200) }
        defer { server.stop() }
        let failure = fault(HTTPRequest(.get, server.origin, fields: [HTTPField("fine", "x"), field]))
        #expect(failure?.code == .invalidRequest, "\(field)")
        #expect(failure?.mayHaveActed == false)
        #expect(server.connections == 0)
    }

    @Test func aMessageHoldsNoValue() {
        let failure = fault(
            HTTPRequest(.get, "http://127.0.0.1/path?query", fields: [HTTPField("Authorization", "secret\n")]))
        #expect(failure?.description.contains("Authorization") == true)
        #expect(failure?.description.contains("secret") == false)
        #expect(failure?.description.contains("path") == false)
    }
}
