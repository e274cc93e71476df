import HTTPTransport
import TestSupport
import Testing

@Suite struct ResponseFuzzTests {
    private static let seeds = [
        "HTTP/1.1 200 OK\r\nContent-Length: 11\r\nX-Amz-Id: abc\r\n\r\nhello world",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nhello\r\n6;a=b\r\n world\r\n0\r\nT: x\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.0 404 Not Found\r\nContent-Type: text/xml\r\n Folded: yes\r\n\r\n<Error/>",
    ].map { Array($0.utf8) }

    /// Every reply gets a result, whatever it is made of, and the transport goes on.
    @Test func noReplyDoesHarm() {
        let server = ScriptedServer { request in
            guard let seed = UInt64(request.target.dropFirst()) else { return .status(200, "still here") }
            return ScriptedReply(bytes: Self.mutation(seed), ending: .close)
        }
        defer { server.stop() }
        let transport = HTTPTransport()
        var responses = 0
        for batch in 0..<50 {
            let results = transport.send(
                (0..<40).map { HTTPRequest(.get, "\(server.origin)/\(batch * 40 + $0)", maximumResponseBytes: 4_096) })
            for result in results {
                switch result {
                case .success(let response):
                    responses += 1
                    #expect(response.body.count <= 4_096)
                    #expect((200..<1_000).contains(response.status))
                case .failure(let failure):
                    #expect(failure.code != .timedOut)
                    #expect(failure.mayHaveActed)
                }
            }
        }
        #expect(responses > 100)
        #expect(transport.send(HTTPRequest(.get, server.origin)).text == "still here")
    }

    private static func mutation(_ seed: UInt64) -> [UInt8] {
        var generator = SeededGenerator(seed: seed)
        var bytes = seeds[Int(seed % UInt64(seeds.count))]
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let index = Int.random(in: 0..<max(1, bytes.count), using: &generator)
            guard index < bytes.count else { break }
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: bytes.removeSubrange(index...)
            case 1: bytes[index] = UInt8.random(in: 0...255, using: &generator)
            case 2: bytes.remove(at: index)
            case 3: bytes.insert(contentsOf: bytes[..<index], at: index)
            default: bytes.insert(UInt8(ascii: "9"), at: index)
            }
        }
        return bytes
    }
}
