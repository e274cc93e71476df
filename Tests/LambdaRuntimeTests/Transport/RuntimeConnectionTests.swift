import TestSupport
import Testing

@testable import LambdaRuntime

/// How the loop fares on a bad connection. Every run must serve the event that the API gives in the end.
struct RuntimeConnectionTests {
    static let event = ScriptedAPI.Reply.event(#"{"a":"bc"}"#, headers: [("Lambda-Runtime-Trace-Id", "t")])
    static let chunked = ScriptedAPI.Reply(
        bytes: Array(
            ("HTTP/1.1 200 OK\r\nlambda-runtime-aws-request-id: id-1\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "3\r\n{\"a\r\n7\r\n\":\"bc\"}\r\n0\r\n\r\n").utf8))

    @Test(arguments: [event, chunked])
    func slowBytesAreWaitedFor(reply: ScriptedAPI.Reply) {
        let run = LoopRun(replies: [reply.delivered(.byteByByte), .status(202).delivered(.byteByByte)])
        #expect(run.calls == ["GET invocation/next", "POST invocation/id-1/response", "GET invocation/next"])
        #expect(run.requests[1].text == #"{"a":"bc"}"#)
    }

    @Test(arguments: [event, chunked], [false, true])
    func anInvocationCutShortAnywhereIsAskedForAgain(reply: ScriptedAPI.Reply, resets: Bool) {
        for count in 0..<reply.bytes.count {
            let run = LoopRun(replies: [
                reply.delivered(resets ? .reset(count) : .cut(count)), reply, .status(202),
            ])
            #expect(
                run.calls == [
                    "GET invocation/next", "GET invocation/next", "POST invocation/id-1/response",
                    "GET invocation/next",
                ])
            #expect(run.requests[2].text == #"{"a":"bc"}"#)
            #expect(run.connections == 2)
            #expect(run.logLines.contains { $0.contains("no invocation") })
            #expect(run.pauses.isEmpty, "the first new attempt is made at once")
        }
    }

    @Test(arguments: [false, true])
    func anAnswerWhoseReplyIsCutShortIsSentAgain(resets: Bool) {
        let accepted = ScriptedAPI.Reply.status(202)
        for count in 0..<accepted.bytes.count {
            let run = LoopRun(replies: [
                Self.event, accepted.delivered(resets ? .reset(count) : .cut(count)), .status(400), Self.event,
                accepted,
            ])
            #expect(
                run.calls == [
                    "GET invocation/next", "POST invocation/id-1/response", "POST invocation/id-1/response",
                    "GET invocation/next", "POST invocation/id-1/response", "GET invocation/next",
                ])
        }
    }

    @Test func anAPIThatIsGoneWhenAnsweredEndsTheProcess() {
        let lost = ScriptedAPI.Reply.status(202).delivered(.cut(0))
        let run = LoopRun({ _, index in index == 0 ? Self.event : lost }) { _ in
            ClosureHandler { (_: RawEvent, _) in .null }
        }
        #expect(run.exitCode == 1)
        #expect(
            run.calls.dropFirst() == [
                "POST invocation/id-1/response", "POST invocation/id-1/response",
                "POST invocation/id-1/error", "POST invocation/id-1/error",
            ])
    }

    @Test func aResponseThatBreaksTheConnectionIsReported() {
        let lost = ScriptedAPI.Reply.status(202).delivered(.cut(0))
        let run = LoopRun(replies: [Self.event, lost, lost, .status(202)])
        #expect(run.calls.suffix(2) == ["POST invocation/id-1/error", "GET invocation/next"])
        #expect(run.requests[3].headers["lambda-runtime-function-error-type"] == "Runtime.ResponseNotDelivered")
    }

    @Test(arguments: [true, false])
    func aConnectionThatTheAPIClosesIsMadeAnew(says: Bool) {
        let headers = says ? [("Connection", "close")] : []
        let run = LoopRun(replies: [
            .event("1", headers: headers).closing, .status(202, headers: headers).closing,
            .event("2", headers: headers).closing, .status(202, headers: headers).closing,
        ])
        #expect(run.requests.filter { $0.method == "POST" }.map(\.text) == ["1", "2"])
        #expect(run.connections >= 5)
    }

    @Test func anAPIThatIsNotThereIsGivenUpOn() {
        let api = ScriptedAPI { _, _ in .status(500) }
        api.stop()
        let client = RuntimeClient(to: RuntimeEndpoint("127.0.0.1:1")!)
        guard case .failed(let reason) = client.next(into: EventBuffer()) else {
            Issue.record("nothing listens there")
            return
        }
        #expect(reason == "the Runtime API cannot be reached (connect: Connection refused)")
    }

    @Test func bytesAfterAResponseAreNotTakenForTheNext() {
        var reply = Self.event
        reply.bytes += Array("HTTP/1.1 500 Injected\r\nContent-Length: 0\r\n\r\n".utf8)
        let run = LoopRun(replies: [reply, .status(202)])
        #expect(run.calls == ["GET invocation/next", "POST invocation/id-1/response", "GET invocation/next"])
        #expect(run.connections == 2)
    }

    @Test func mutatedRepliesNeverTrap() {
        var random = SeededGenerator(seed: 2)
        for _ in 0..<300 {
            var replies = [Self.event, .status(202), Self.chunked, .status(202)]
            for index in replies.indices where Bool.random(using: &random) {
                replies[index].bytes.mutate(&random)
                // A reply that says less than it announced would be waited for.
                replies[index].delivery = .cut(replies[index].bytes.count)
            }
            #expect(LoopRun(replies: replies).exitCode == 1)
        }
    }
}
