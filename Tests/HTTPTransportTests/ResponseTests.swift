import HTTPTransport
import Testing

/// What arrives, whole and broken.
@Suite struct ResponseTests {
    private func result(
        _ reply: ScriptedReply, _ method: HTTPMethod = .get, limit: Int = 1 << 20
    ) -> Result<HTTPResponse, HTTPFailure> {
        let server = ScriptedServer { _ in reply }
        defer { server.stop() }
        return HTTPTransport().send(HTTPRequest(method, server.origin, maximumResponseBytes: limit))
    }

    @Test(arguments: [200, 201, 204, 206, 301, 304, 400, 403, 404, 409, 412, 500, 503, 599])
    func everyStatusIsAResponse(_ status: Int) {
        #expect(result(.raw("HTTP/1.1 \(status) Text\r\nContent-Length: 0\r\n\r\n")).response?.status == status)
    }

    @Test func fieldsAreTakenInOrderAndTrimmed() {
        let reply = ScriptedReply.raw(
            "HTTP/1.1 200 OK\r\nA:  1 \t\r\nb:2\r\nC:\r\na: 3\r\nFolded: one\r\n \t two\r\nContent-Length: 0\r\n\r\n")
        #expect(
            result(reply).response?.fields == [
                HTTPField("A", "1"), HTTPField("b", "2"), HTTPField("C", ""), HTTPField("a", "3"),
                HTTPField("Folded", "one two"), HTTPField("Content-Length", "0"),
            ])
    }

    @Test func aChunkedBodyIsPutTogetherWithoutItsTrailers() {
        let chunks = "3\r\nabc\r\n1;ext=1\r\nd\r\n0\r\nTrailer: x\r\n\r\n"
        let response = result(.raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks)).response
        #expect(response?.body == Array("abcd".utf8))
        #expect(response?.fields == [HTTPField("Transfer-Encoding", "chunked")])
    }

    @Test func aBodyWithoutLengthEndsWithTheConnection() {
        #expect(result(.raw("HTTP/1.1 200 OK\r\n\r\nall of it", .close)).text == "all of it")
    }

    @Test func aReplyInSingleBytesIsTheSame() {
        var reply = ScriptedReply.status(200, "abc", fields: [("X", "y")])
        reply.isByteByByte = true
        #expect(result(reply).text == "abc")
    }

    @Test func informationalResponsesAreSkipped() {
        let informational = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
        let response = result(.raw(informational + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")).response
        #expect(response?.status == 200)
        #expect(response?.fields == [HTTPField("Content-Length", "2")])
        #expect(response?.body == Array("ok".utf8))
    }

    @Test func aLengthThatNoMachineHasRoomForIsOnlyAClaim() {
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 1000000000000000\r\n\r\n"
        #expect(result(.raw(head + "abc", .close), limit: .max).failure?.code == .connectionLost)
    }

    @Test func theLengthInAnAnswerToHeadIsNoBody() {
        let response = result(.raw("HTTP/1.1 200 OK\r\nContent-Length: 5000000000\r\n\r\n"), .head, limit: 10).response
        #expect(response?.body == [])
        #expect(response?["content-length"] == "5000000000")
    }

    @Test(arguments: [
        "", "HTTP/1.1", "HTTP/1.1 200 OK", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Le",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcd",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
    ])
    func aReplyThatIsCutOffIsNoResponse(_ text: String) {
        for ending in [ScriptedReply.Ending.close, .reset] {
            let failure = result(.raw(text, ending)).failure
            #expect(failure != nil, "\(text)")
            #expect(failure?.code == .connectionLost || failure?.code == .malformedResponse, "\(text)")
            #expect(failure?.mayHaveActed == true)
        }
    }

    @Test(arguments: [
        "SSH-2.0-OpenSSH_9.2\r\n", "200 OK\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 abc\r\n\r\n",
        "HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\n: nameless\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", "\u{0}\u{1}\u{2}",
    ])
    func whatIsNoHTTPIsNoResponse(_ text: String) {
        let failure = result(.raw(text, .close)).failure
        #expect(failure?.code == .malformedResponse || failure?.code == .connectionLost, "\(text)")
        #expect(failure?.mayHaveActed == true)
    }

    @Test func aHeadWithoutEndIsNotRead() {
        let head =
            "HTTP/1.1 200 OK\r\n"
            + String(repeating: "X-Filler: \(String(repeating: "x", count: 90))\r\n", count: 5_000)
        #expect(result(.raw(head, .silence)).failure?.code == .malformedResponse)
    }

    @Test func aLongBodyIsTakenWhole() {
        let body = String(repeating: "0123456789abcdef", count: 200_000)
        #expect(result(.status(200, body), limit: 8 << 20).text == body)
    }

    @Test func aBodyAboveTheLimitIsRefusedByItsLength() {
        let failure = result(.raw("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n", .silence), limit: 10).failure
        #expect(failure?.code == .responseTooLarge)
        #expect(failure?.mayHaveActed == true)
    }

    @Test func aBodyAboveTheLimitIsRefusedByItsBytes() {
        let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        #expect(result(.raw(chunked + "b\r\nabcdefghijk\r\n", .silence), limit: 10).failure?.code == .responseTooLarge)
        #expect(result(.raw(chunked + "a\r\nabcdefghij\r\n0\r\n\r\n"), limit: 10).text == "abcdefghij")
        #expect(
            result(.raw("HTTP/1.1 200 OK\r\n\r\nabcdefghijk", .silence), limit: 10).failure?.code == .responseTooLarge)
        #expect(result(.status(200, "abcdefghij"), limit: 10).text == "abcdefghij")
        #expect(result(.status(200, ""), limit: 0).text == "")
    }

    @Test func anErrorBeforeTheWholeBodyIsTakenIsAResponse() {
        // The server answers after the head, and reads no further.
        let server = ScriptedServer { _ in .status(413, "too much", fields: [("Connection", "close")]) }
        defer { server.stop() }
        let body = [UInt8](repeating: 0, count: 1 << 20)
        #expect(HTTPTransport().send(HTTPRequest(.put, server.origin, body: body)).response?.status == 413)
    }
}
