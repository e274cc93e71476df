import HTTPTransport
import Testing

@Suite struct StaleConnectionTests {
    @Test func aConnectionThatTheServerClosedIsNotUsed() {
        let server = ScriptedServer { .status(200).then($0.connection == 0 ? .close : .open) }
        defer { server.stop() }
        let transport = HTTPTransport()
        #expect(transport.send(HTTPRequest(.post, server.origin)).response?.status == 200)
        #expect(server.waitForClosed(1))
        let second = transport.send(HTTPRequest(.post, server.origin)).response
        #expect(second?.status == 200)
        #expect(second?.wasResent == false)
        #expect(transport.statistics.resends == 0)
        #expect(server.requests.map(\.connection) == [0, 1])
    }

    @Test func aConnectionOnWhichTheServerSaidGoodbyeIsNotUsed() {
        let goodbye = "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n"
        let server = ScriptedServer { request in
            var reply = ScriptedReply.status(200)
            if request.connection == 0 { reply.bytes += Array(goodbye.utf8) }
            return reply.then(request.connection == 0 ? .close : .open)
        }
        defer { server.stop() }
        let transport = HTTPTransport()
        #expect(transport.send(HTTPRequest(.get, server.origin)).response?.status == 200)
        #expect(server.waitForClosed(1))
        #expect(transport.send(HTTPRequest(.post, server.origin)).response?.status == 200)
        #expect(server.connections == 2)
    }

    @Test(arguments: [ScriptedReply.Ending.close, .reset])
    func anIdempotentRequestIsSentAgainOnce(_ ending: ScriptedReply.Ending) {
        // The server takes the request off the pooled connection and ends it.
        let server = ScriptedServer { $0.index == 1 ? .raw("", ending) : .status(200, "\($0.body.count)") }
        defer { server.stop() }
        let transport = HTTPTransport()
        let request = HTTPRequest(.put, server.origin, body: .init(repeating: 1, count: 100_000))
        #expect(transport.send(request).response?.wasResent == false)
        let second = transport.send(request)
        #expect(second.text == "100000")
        #expect(second.response?.wasResent == true)
        #expect(transport.statistics.resends == 1)
        #expect(server.requests.map(\.connection) == [0, 0, 1])
    }

    @Test func aRequestIsSentAgainOnAFreshConnectionOnly() {
        // Four connections are pooled, since none of the four is answered before all of them are asked; each then ends
        // at its next request.
        let arrivals = Arrivals()
        let server = ScriptedServer { request in
            if request.target == "/again" { return request.connection < 4 ? .close : .status(200, request.target) }
            arrivals.wait(for: 4)
            return .status(200)
        }
        defer { server.stop() }
        let transport = HTTPTransport()
        _ = transport.send((0..<4).map { HTTPRequest(.get, "\(server.origin)/\($0)") })
        #expect(server.connections == 4)
        let result = transport.send(HTTPRequest(.get, "\(server.origin)/again"))
        #expect(result.text == "/again")
        #expect(result.response?.wasResent == true)
        #expect(server.requests.filter { $0.target == "/again" }.map(\.connection).last == 4)
        #expect(server.requests.count == 6)
        #expect(transport.statistics.resends == 1)
    }

    @Test func aRequestIsNotSentAThirdTime() {
        let server = ScriptedServer { $0.index == 0 ? .status(200) : .close }
        defer { server.stop() }
        let transport = HTTPTransport()
        _ = transport.send(HTTPRequest(.get, server.origin))
        let failure = transport.send(HTTPRequest(.get, server.origin)).failure
        #expect(failure?.code == .connectionLost)
        #expect(failure?.mayHaveActed == true)
        #expect(server.requests.count == 3)
    }

    @Test func aRequestThatIsNotIdempotentIsNotSentAgain() {
        let server = ScriptedServer { $0.index == 1 ? .close : .status(200) }
        defer { server.stop() }
        let transport = HTTPTransport()
        let request = HTTPRequest(.post, server.origin, body: [1, 2, 3])
        _ = transport.send(request)
        let failure = transport.send(request).failure
        #expect(failure?.code == .connectionLost)
        #expect(failure?.mayHaveActed == true)
        #expect(transport.statistics.resends == 0)
        #expect(server.requests.count == 2)
        #expect(transport.send(request).response?.status == 200)
    }

    @Test func aCallerMaySayThatPostIsIdempotent() {
        let server = ScriptedServer { $0.index == 1 ? .close : .status(200) }
        defer { server.stop() }
        let transport = HTTPTransport()
        let request = HTTPRequest(.post, server.origin, body: [1], isIdempotent: true)
        _ = transport.send(request)
        #expect(transport.send(request).response?.wasResent == true)
    }

    @Test func aFailureAfterSendingAgainMayHaveActed() {
        let server = ScriptedServer { $0.index == 0 ? .status(200) : .close }
        let transport = HTTPTransport()
        _ = transport.send(HTTPRequest(.put, server.origin, body: [1]))
        let exchange = transport.start([HTTPRequest(.put, server.origin, body: [1])])
        #expect(server.waitForRequests(2))
        // Nothing listens any more when the request is to be sent again.
        server.stop()
        let failure = transport.finish(exchange)[0].failure
        #expect(failure?.mayHaveActed == true)
    }

    @Test func aFreshConnectionThatEndsIsNoReasonToSendAgain() {
        let server = ScriptedServer { _ in .close }
        defer { server.stop() }
        let failure = HTTPTransport().send(HTTPRequest(.get, server.origin)).failure
        #expect(failure?.code == .connectionLost)
        #expect(failure?.mayHaveActed == true)
        #expect(server.requests.count == 1)
    }

    @Test func connectionsThatRestedTooLongAreNotUsed() {
        let server = ScriptedServer { _ in .status(200) }
        defer { server.stop() }
        let transport = HTTPTransport(HTTPConfiguration(maximumIdleMilliseconds: -1))
        for _ in 0..<3 { #expect(transport.send(HTTPRequest(.get, server.origin)).response?.status == 200) }
        #expect(server.connections == 3)
        #expect(transport.statistics.resends == 0)
        #expect(server.waitForClosed(2))
    }
}
