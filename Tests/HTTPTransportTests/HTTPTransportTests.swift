import HTTPTransport
import Testing

internal import Foundation

@Suite struct HTTPTransportTests {
    @Test func resultsComeInTheOrderOfTheRequests() {
        let server = ScriptedServer { .status(200, "answer to \($0.target)") }
        defer { server.stop() }
        let transport = HTTPTransport()
        let results = transport.send((0..<200).map { HTTPRequest(.get, "\(server.origin)/\($0)") })
        #expect(results.map(\.text) == (0..<200).map { "answer to /\($0)" })
        #expect(transport.statistics.requests == 200)
        #expect(server.connections <= 32)
        #expect(transport.statistics.connections == server.connections)
    }

    @Test func noMoreConnectionsThanAHostMayHave() {
        let server = ScriptedServer { .status(200, "\($0.connection)") }
        defer { server.stop() }
        let transport = HTTPTransport(HTTPConfiguration(maximumConnectionsPerHost: 3))
        let results = transport.send((0..<60).map { HTTPRequest(.put, "\(server.origin)/\($0)", body: [1]) })
        #expect(results.allSatisfy { $0.response?.status == 200 })
        #expect(server.connections == 3)
    }

    @Test func aConnectionIsUsedForOneRequestAfterAnother() {
        let server = ScriptedServer { .status(200, $0.method) }
        defer { server.stop() }
        let transport = HTTPTransport()
        for method in [HTTPMethod.get, .put, .post, .delete, .head, .get] {
            let result = transport.send(HTTPRequest(method, server.origin, body: method == .put ? [1, 2] : []))
            #expect(result.text == (method == .head ? "" : method.rawValue))
        }
        #expect(server.connections == 1)
        #expect(transport.statistics.requests == 6)
        #expect(transport.statistics.connections == 1)
    }

    @Test func everythingIsSentAsItStands() throws {
        let server = ScriptedServer { _ in .status(204) }
        defer { server.stop() }
        let target = "/a/../b/./c//%2e%2E/%c3%a9?x=%2F&&y&=z+%20;'()*,:@!$[]{}|\\^`\"<>~?"
        let body = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let fields = [HTTPField("X-Empty", ""), HTTPField("x-text", "a: b; \"c\"\té"), HTTPField("X-text", "again")]
        let result = HTTPTransport().send(HTTPRequest(.put, server.origin + target, fields: fields, body: body))
        #expect(result.response?.status == 204)
        let request = try #require(server.requests.first)
        #expect(request.target == target)
        #expect(request.body == body)
        #expect(
            request.fields.map { "\($0.name)=\($0.value)" } == [
                "host=127.0.0.1:\(server.port)", "x-empty=", "x-text=a: b; \"c\"\té", "x-text=again",
                "content-length=300000",
            ])
    }

    @Test(arguments: [HTTPMethod.put, .post]) func aRequestWithoutBodySaysSo(_ method: HTTPMethod) {
        let server = ScriptedServer { .status(200, $0.field("content-length") ?? "none") }
        defer { server.stop() }
        #expect(HTTPTransport().send(HTTPRequest(method, server.origin)).text == "0")
    }

    @Test func aLargeBodyIsSentWithoutAskingFirst() {
        let server = ScriptedServer { .status($0.field("expect") == nil ? 200 : 400, "\($0.body.count)") }
        defer { server.stop() }
        let body = [UInt8](repeating: 7, count: 5 << 20)
        #expect(HTTPTransport().send(HTTPRequest(.post, server.origin, body: body)).text == "\(5 << 20)")
    }

    @Test func whatIsStartedIsOnTheWireBeforeItIsFinished() {
        let server = ScriptedServer { .status(200, $0.target) }
        defer { server.stop() }
        let transport = HTTPTransport()
        let exchange = transport.start([HTTPRequest(.post, "\(server.origin)/early", body: Array("body".utf8))])
        #expect(server.waitForRequests(1))
        #expect(transport.finish(exchange).map(\.text) == ["/early"])
        #expect(exchange.isFinished)
        #expect(transport.finish(exchange).map(\.text) == ["/early"])
    }

    @Test func anExchangeGoesOnWhileAnotherIsFinished() {
        // The answer to the first comes after five of the others, when nobody waits for it.
        let others = DispatchSemaphore(value: 0)
        let server = ScriptedServer { request in
            if request.target == "/other" { others.signal() } else { for _ in 0..<5 { others.wait() } }
            return .status(200, "\(request.body.count)")
        }
        defer { server.stop() }
        let transport = HTTPTransport()
        let body = [UInt8](repeating: 1, count: 32 << 20)
        let exchange = transport.start([HTTPRequest(.put, "\(server.origin)/first", body: body)])
        var rounds = 0
        while !exchange.isFinished, rounds < 100_000 {
            #expect(transport.send(HTTPRequest(.get, "\(server.origin)/other")).text == "0")
            rounds += 1
        }
        #expect(rounds >= 5)
        #expect(transport.finish(exchange).map(\.text) == ["\(body.count)"])
    }

    @Test func exchangesAreFinishedInAnyOrder() {
        let server = ScriptedServer { .status(200, $0.target) }
        defer { server.stop() }
        let transport = HTTPTransport(HTTPConfiguration(maximumConnectionsPerHost: 2))
        let exchanges = (0..<5).map { number in
            transport.start((0..<4).map { HTTPRequest(.get, "\(server.origin)/\(number)/\($0)") })
        }
        for number in [3, 0, 4, 1, 2] {
            #expect(transport.finish(exchanges[number]).map(\.text) == (0..<4).map { "/\(number)/\($0)" })
        }
    }

    @Test func anExchangeThatIsLetGoLeavesNothingBehind() {
        let server = ScriptedServer { $0.target == "/stall" ? .silence : .status(200) }
        defer { server.stop() }
        let transport = HTTPTransport(HTTPConfiguration(maximumConnectionsPerHost: 2))
        for round in 1...3 {
            // More than may run at once: some never leave the queue.
            _ = transport.start((0..<5).map { _ in HTTPRequest(.get, "\(server.origin)/stall") })
            #expect(server.waitForClosed(2 * round))
        }
        #expect(transport.send(HTTPRequest(.get, server.origin)).response?.status == 200)
        #expect(server.requests.filter { $0.target == "/stall" }.count <= 6)
    }

    @Test func anExchangeOutlivesItsTransport() {
        let server = ScriptedServer { .status(200, $0.target) }
        defer { server.stop() }
        var transport: HTTPTransport? = HTTPTransport()
        var exchange = transport?.start([HTTPRequest(.get, "\(server.origin)/late")])
        transport = nil
        #expect(exchange != nil)
        exchange = nil
        #expect(server.waitForClosed(1), "it keeps what it needs, and takes it along")
    }

    @Test func nothingIsSentForNoRequests() {
        let transport = HTTPTransport()
        #expect(transport.send([]).isEmpty)
        #expect(transport.statistics == HTTPStatistics())
    }

    @Test func oneFailureLeavesTheOthersAlone() {
        let server = ScriptedServer { $0.target == "/bad" ? .close : .status(200) }
        defer { server.stop() }
        let results = HTTPTransport().send([
            HTTPRequest(.get, "\(server.origin)/good"), HTTPRequest(.get, "\(server.origin)/bad"),
            HTTPRequest(.get, "ftp://127.0.0.1/"), HTTPRequest(.get, "\(server.origin)/good"),
        ])
        #expect(results.map { $0.failure?.code } == [nil, .connectionLost, .invalidRequest, nil])
    }
}
