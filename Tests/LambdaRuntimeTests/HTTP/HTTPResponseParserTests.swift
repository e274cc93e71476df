import TestSupport
import Testing

@testable import LambdaRuntime

struct HTTPResponseParserTests {
    struct Outcome: Equatable {
        var head: HTTPResponseHead?
        var body: [UInt8] = []
        var isEnded = false
        var unread = 0
    }

    /// Shows the bytes in pieces, keeping what was not consumed, as a connection does. Body bytes that are certain to
    /// come are passed around the parser if `direct`.
    private func parse(
        _ bytes: [UInt8], cuts: [Int] = [], direct: Bool = false, closes: Bool = true,
        limits: HTTPResponseParser.Limits = .init()
    ) throws -> Outcome {
        var parser = HTTPResponseParser(limits: limits)
        var outcome = Outcome()
        var pending: [UInt8] = []
        let edges = ([0] + cuts + [bytes.count]).sorted()
        for (from, to) in zip(edges, edges.dropFirst()) {
            pending += bytes[from..<to]
            pieces: while true {
                if direct, parser.directBytes > 0, !pending.isEmpty {
                    let count = min(parser.directBytes, pending.count)
                    outcome.body += pending[..<count]
                    pending.removeFirst(count)
                    parser.received(count)
                }
                let (event, consumed) = try pending.withUnsafeBytes { try parser.next($0) }
                let taken = Array(pending[..<consumed])
                pending.removeFirst(consumed)
                switch event {
                case .needsMore: break pieces
                case .head(let head): outcome.head = head
                case .body(let count): outcome.body += taken.suffix(count)
                case .end:
                    outcome.isEnded = true
                    break pieces
                }
            }
        }
        outcome.unread = pending.count
        if closes && !outcome.isEnded {
            try parser.close()
            outcome.isEnded = true
        }
        return outcome
    }

    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    static let responses = [
        "HTTP/1.1 200 OK\r\nContent-Length: 11\r\nLAMBDA-runtime-Aws-Request-Id:  id-1 \r\n\r\nhello world",
        "HTTP/1.1 200 OK\r\ntransfer-ENCODING: Chunked\r\nlambda-runtime-aws-request-id: id-1\r\n\r\n"
            + "5\r\nhello\r\n1;name=value\r\n \r\n005\r\nworld\r\n0\r\nTrailer: x\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\n"
            + "HTTP/1.1 200\r\nLambda-Runtime-Aws-Request-Id:id-1\r\nContent-Length:11\r\n\r\nhello world",
        "HTTP/1.0 200 OK\nContent-Length: 11\nLambda-Runtime-Aws-Request-Id: id-1\n\nhello world",
        "HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: id-1\r\n\r\nhello world",
    ]

    @Test(arguments: responses)
    func everyFramingIsReadInEveryCut(text: String) throws {
        let bytes = bytes(text)
        for direct in [false, true] {
            let whole = try parse(bytes, direct: direct)
            #expect(whole.head?.status == 200)
            #expect(whole.head?["lambda-runtime-aws-request-id"] == "id-1")
            #expect(whole.body == self.bytes("hello world"))
            #expect(whole.isEnded && whole.unread == 0)
            for cut in 0...bytes.count {
                #expect(try parse(bytes, cuts: [cut], direct: direct) == whole)
                #expect(try parse(bytes, cuts: [cut, min(cut + 3, bytes.count)], direct: direct) == whole)
            }
            #expect(try parse(bytes, cuts: Array(0...bytes.count), direct: direct) == whole)
        }
    }

    @Test(arguments: responses.dropLast())
    func everyTruncationIsNoticed(text: String) throws {
        let bytes = bytes(text)
        for count in 0..<bytes.count {
            #expect(throws: HTTPError(.truncated, "the connection ended inside the response")) {
                try parse(Array(bytes[..<count]))
            }
        }
    }

    @Test(arguments: [
        "HTTP/2 200 OK\r\n\r\n", "HTTP/1.2 200 OK\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n", "HTTP/1.1 20x OK\r\n\r\n",
        "HTTP/1.1 099 OK\r\n\r\n", "ICY 200 OK\r\n\r\n", "\r\n\r\n", "HTTP/1.1  200 OK\r\n\r\n",
        "HTTP/1.1 101 Switching\r\n\r\n", "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\nName : x\r\n\r\n", "HTTP/1.1 200 OK\r\n folded: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\n: x\r\n\r\n", "HTTP/1.1 200 OK\r\nA: x\ry\r\n\r\n", "HTTP/1.1 200 OK\r\nA: \u{1}\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1, 1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 0x1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\ng\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n;x\r\n",
    ])
    func whatIsNotHTTPIsRefused(text: String) {
        let error = #expect(throws: HTTPError.self) { try parse(bytes(text)) }
        #expect(error?.code == .malformed)
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 67108865\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775808\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4000001\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffffffffff\r\n",
        "HTTP/1.1 200 OK\r\nA: " + String(repeating: "x", count: 20_000),
        String(repeating: "x", count: 20_000),
        "HTTP/1.1 200 OK\r\n" + String(repeating: "A: x\r\n", count: 300),
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + String(repeating: "A: x\r\n", count: 300),
        String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 300),
    ])
    func floodsAreRefused(text: String) {
        let error = #expect(throws: HTTPError.self) { try parse(bytes(text)) }
        #expect(error?.code == .tooLarge)
    }

    @Test func chunksAndUnlimitedBodiesAreLimitedTogether() {
        var limits = HTTPResponseParser.Limits()
        limits.body = 10
        for text in [
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n6\r\nabcdef\r\n",
            "HTTP/1.1 200 OK\r\n\r\nabcdefabcdef",
        ] {
            let error = #expect(throws: HTTPError.self) { try parse(bytes(text), limits: limits) }
            #expect(error?.code == .tooLarge)
        }
    }

    @Test(arguments: [
        ("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n", true),
        ("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", false),
        ("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\nConnection: foo, Close\r\n\r\n", false),
        ("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\nConnection: close\r\nConnection: keep-alive\r\n\r\n", false),
        ("HTTP/1.0 202 Accepted\r\nContent-Length: 0\r\n\r\n", false),
        ("HTTP/1.0 202 Accepted\r\nContent-Length: 0\r\nConnection: Keep-Alive\r\n\r\n", true),
        ("HTTP/1.1 204 No Content\r\n\r\n", true), ("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", true),
    ])
    func connectionsAreKeptAsTheResponseSays(text: String, keeps: Bool) throws {
        let outcome = try parse(bytes(text), closes: false)
        #expect(outcome.isEnded)
        #expect(outcome.head?.keepsAlive == keeps)
    }

    @Test func bytesAfterAResponseAreLeftAlone() throws {
        let outcome = try parse(bytes("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabHTTP/1.1 500"), closes: false)
        #expect(outcome.body == bytes("ab") && outcome.isEnded && outcome.unread == 12)
    }

    @Test func mutatedResponsesNeverTrap() {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<4000 {
            var mutated = bytes(Self.responses.randomElement(using: &random)!)
            mutated.mutate(&random)
            let cuts = (0..<Int.random(in: 0...3, using: &random)).map { _ in
                Int.random(in: 0...mutated.count, using: &random)
            }
            let one = try? parse(mutated, direct: Bool.random(using: &random))
            let other = try? parse(mutated, cuts: cuts, direct: Bool.random(using: &random))
            #expect(one == other, "the same bytes in other cuts mean the same")
        }
    }
}
