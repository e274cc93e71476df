import Testing

internal import Glibc

@testable import HTTPTransport

@Suite struct TimeoutTests {
    private func epoch() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }

    @Test(arguments: ["", "HTTP/1.1 200 OK\r\nContent-", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"])
    func aServerThatFallsSilentIsLeft(_ beginning: String) {
        let server = ScriptedServer { _ in .raw(beginning, .silence) }
        defer { server.stop() }
        let failure = HTTPTransport().send(
            HTTPRequest(.get, server.origin, timeouts: HTTPTimeouts(idle: 40))
        ).failure
        #expect(failure?.code == .timedOut)
        #expect(failure?.mayHaveActed == true)
        #expect(failure?.message == "127.0.0.1:\(server.port) moved no byte for 40 ms")
        #expect(server.waitForClosed(1))
    }

    @Test func theWholeRequestHasItsTime() {
        let server = ScriptedServer { _ in .silence }
        defer { server.stop() }
        let transport = HTTPTransport(HTTPConfiguration(timeouts: HTTPTimeouts(total: 40)))
        let failure = transport.send(HTTPRequest(.get, server.origin)).failure
        #expect(failure?.code == .timedOut)
        #expect(failure?.message == "127.0.0.1:\(server.port) had not answered within 40 ms")
    }

    @Test func waitingForAConnectionCountsAndActsOnNothing() {
        let server = ScriptedServer { _ in .silence }
        defer { server.stop() }
        let transport = HTTPTransport(
            HTTPConfiguration(timeouts: HTTPTimeouts(total: 40), maximumConnectionsPerHost: 1))
        let failures = transport.send((0..<3).map { _ in HTTPRequest(.get, server.origin) }).map(\.failure)
        #expect(failures.map { $0?.code } == [.timedOut, .timedOut, .timedOut])
        #expect(failures.last??.mayHaveActed == false)
        #expect(server.connections <= 1)
    }

    @Test func theDeadlineCutsEveryTimeShort() {
        let server = ScriptedServer { _ in .silence }
        defer { server.stop() }
        let transport = HTTPTransport(deadline: RequestDeadline(milliseconds: epoch() + 300))
        let failure = transport.send(HTTPRequest(.get, server.origin)).failure
        #expect(failure?.code == .timedOut)
        #expect(failure?.message == "the deadline passed before 127.0.0.1:\(server.port) had answered")
    }

    @Test(
        arguments: [
            (nil, 5_000, 30_000), (900_000, 5_000, 30_000), (30_000, 5_000, 10_000), (6_000, 2_000, 2_000),
            (2_000, 1_000, 1_000), (0, 1_000, 1_000), (Int64.max, 5_000, 30_000),
        ] as [(Int64?, Int64, Int64)])
    func silenceLeavesTimeForAnotherTry(left: Int64?, connect: Int64, idle: Int64) {
        let timeouts = HTTPTimeouts().sharing(left)
        #expect(timeouts.connect == connect)
        #expect(timeouts.idle == idle)
        #expect(timeouts.total == 300_000)
    }

    @Test(arguments: [0, -1, Int64.min, 1]) func nothingIsSentAfterTheDeadline(_ milliseconds: Int64) {
        let server = ScriptedServer { _ in .status(200) }
        defer { server.stop() }
        let transport = HTTPTransport(deadline: RequestDeadline(milliseconds: milliseconds))
        let failure = transport.send(HTTPRequest(.get, server.origin)).failure
        #expect(failure?.code == .timedOut)
        #expect(failure?.mayHaveActed == false)
        #expect(server.connections == 0)
        transport.deadline.milliseconds = .max
        #expect(transport.send(HTTPRequest(.get, server.origin)).response?.status == 200)
    }

    @Test func timesMayBeAsLongAsCanBe() {
        let server = ScriptedServer { _ in .status(200) }
        defer { server.stop() }
        let timeouts = HTTPTimeouts(connect: .max, idle: .max, total: .max)
        #expect(HTTPTransport().send(HTTPRequest(.get, server.origin, timeouts: timeouts)).response?.status == 200)
        let none = HTTPTimeouts(connect: .min, idle: .min, total: .min)
        let failure = HTTPTransport().send(HTTPRequest(.get, server.origin, timeouts: none)).failure
        #expect(failure?.code == .timedOut)
        #expect(failure?.mayHaveActed == false)
    }

    @Test func aConnectionThatIsRefusedActsOnNothing() {
        let port = ScriptedServer.unusedPort()
        let failure = HTTPTransport().send(HTTPRequest(.put, "http://127.0.0.1:\(port)/secret?token", body: [1]))
            .failure
        #expect(failure?.code == .cannotConnect)
        #expect(failure?.mayHaveActed == false)
        #expect(failure?.message.contains("127.0.0.1:\(port)") == true)
        #expect(failure?.description.contains("secret") == false)
        #expect(failure?.description.contains("token") == false)
    }

    @Test func aHandshakeThatIsNotAnsweredIsNoConnection() {
        // It reads what comes as a request that never ends.
        let server = ScriptedServer { _ in .silence }
        defer { server.stop() }
        let failure = HTTPTransport().send(
            HTTPRequest(.put, "https://127.0.0.1:\(server.port)", body: [1], timeouts: HTTPTimeouts(connect: 40))
        ).failure
        #expect(failure?.code == .cannotConnect)
        #expect(failure?.mayHaveActed == false)
    }

    @Test func aBodyThatWasNotSentWholeActsOnNothing() {
        // A server that reads nothing at all: the sockets hold a part of the body only.
        let server = UnreadingServer()
        defer { server.stop() }
        let request = HTTPRequest(
            .put, server.origin, body: .init(repeating: 0, count: 64 << 20), timeouts: HTTPTimeouts(idle: 40))
        let failure = HTTPTransport().send(request).failure
        #expect(failure?.code == .timedOut)
        #expect(failure?.mayHaveActed == false)
    }
}
