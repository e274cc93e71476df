import HTTPTransport
import Testing

@Suite struct RedirectTests {
    private let secrets = [
        HTTPField("Authorization", "secret"), HTTPField("Accept", "text/plain"), HTTPField("X-Amz-Security-Token", "t"),
    ]

    private func redirect(_ status: Int = 302, to location: String) -> ScriptedReply {
        .status(status, "elsewhere", fields: [("Location", location)])
    }

    @Test(arguments: [301, 302, 303, 307, 308]) func aRedirectIsReturnedUnlessItIsToBeFollowed(_ status: Int) {
        let server = ScriptedServer { $0.target == "/" ? redirect(status, to: "/next?a=b#c") : .status(200, $0.target) }
        defer { server.stop() }
        let transport = HTTPTransport()
        #expect(transport.send(HTTPRequest(.get, "\(server.origin)/")).response?.status == status)
        #expect(transport.send(HTTPRequest(.get, "\(server.origin)/", followsRedirects: true)).text == "/next?a=b")
    }

    @Test func theSameHostSeesTheSameFields() {
        let server = ScriptedServer {
            $0.target == "/a/" ? redirect(to: "../b") : .status(200, "\($0.target) \($0.field("authorization") ?? "")")
        }
        defer { server.stop() }
        let request = HTTPRequest(.get, "\(server.origin)/a/", fields: secrets, followsRedirects: true)
        #expect(HTTPTransport().send(request).text == "/b secret")
    }

    @Test func anotherHostSeesNoSecret() {
        let other = ScriptedServer { .status(200, $0.fields.map(\.name).sorted().joined(separator: " ")) }
        let server = ScriptedServer { [origin = other.origin] _ in redirect(to: "\(origin)/x") }
        defer {
            server.stop()
            other.stop()
        }
        let request = HTTPRequest(.get, server.origin, fields: secrets, followsRedirects: true)
        #expect(HTTPTransport().send(request).text == "accept host")
    }

    @Test func redirectsComeToAnEnd() {
        let server = ScriptedServer { redirect(to: "/\($0.index)") }
        defer { server.stop() }
        let failure = HTTPTransport().send(HTTPRequest(.get, server.origin, followsRedirects: true)).failure
        #expect(failure?.code == .malformedResponse)
        #expect(server.requests.count == 6)
    }

    @Test(arguments: ["http://example.com/", "file:///etc/passwd", "ftp://127.0.0.1/", "http://[", "//example.com/"])
    func aRedirectToWhereNothingIsSentFails(_ location: String) {
        let server = ScriptedServer { _ in redirect(to: location) }
        defer { server.stop() }
        let failure = HTTPTransport().send(HTTPRequest(.get, server.origin, followsRedirects: true)).failure
        #expect(failure != nil)
        #expect(failure?.description.contains("passwd") == false)
        #expect(server.requests.count == 1)
    }

    @Test func whatIsSentIsNotSentElsewhere() {
        let server = ScriptedServer { _ in redirect(307, to: "/next") }
        defer { server.stop() }
        let request = HTTPRequest(.put, server.origin, body: [1], followsRedirects: true)
        #expect(HTTPTransport().send(request).response?.status == 307)
    }
}
