import JSON
import Testing

@testable import LambdaRuntime

struct InvocationLoopTests {
    enum PlainError: Error { case some }
    struct NamedError: LambdaErrorType, CustomStringConvertible {
        let errorType: String
        let description: String
    }

    @Test func eventsAreAnsweredOneAfterAnotherOnOneConnection() {
        let run = LoopRun(replies: [
            .event(#"{"a":1}"#, id: "first"), .status(202), .event(#"{"a":2}"#, id: "second"), .status(202),
        ])
        #expect(
            run.calls == [
                "GET invocation/next", "POST invocation/first/response",
                "GET invocation/next", "POST invocation/second/response", "GET invocation/next",
            ])
        #expect(run.requests[1].text == #"{"a":1}"# && run.requests[3].text == #"{"a":2}"#)
        #expect(run.connections == 1)
        #expect(run.exitCode == 1)
        #expect(run.requests.allSatisfy { $0.headers["host"]?.hasPrefix("127.0.0.1:") == true })
    }

    @Test func theContextHoldsWhatTheHeadersSay() {
        var seen: [Context] = []
        let headers = [
            ("lambda-runtime-DEADLINE-ms", "\(LoopRun.time + 5000)"), ("Lambda-Runtime-Trace-Id", "Root=1-2;Sampled=1"),
            ("Lambda-Runtime-Invoked-Function-Arn", "arn:f:1"), ("Lambda-Runtime-Client-Context", #"{"c":1}"#),
            ("Lambda-Runtime-Cognito-Identity", #"{"i":1}"#), ("Lambda-Runtime-Aws-Tenant-Id", "tenant"),
        ]
        let run = LoopRun(replies: [.event(id: "a-B_9.z", headers: headers), .status(202), .event(), .status(202)]) {
            _, context in
            seen.append(context)
            return .null
        }
        #expect(seen[0].requestID == "a-B_9.z")
        #expect(seen[0].deadlineMilliseconds == LoopRun.time + 5000)
        #expect(seen[0].remainingMilliseconds == 5000)
        #expect(seen[0].traceID == "Root=1-2;Sampled=1")
        #expect(seen[0].invokedFunctionARN == "arn:f:1")
        #expect(seen[0].clientContext == #"{"c":1}"#)
        #expect(seen[0].cognitoIdentity == #"{"i":1}"#)
        #expect(seen[0].tenantID == "tenant")
        #expect(run.traceIDs == ["Root=1-2;Sampled=1", nil])
        #expect(seen[1].deadlineMilliseconds == .max && seen[1].traceID == nil && seen[1].tenantID == nil)
    }

    static let deadlines: [(deadline: Int64, remaining: Int64)] = [
        (LoopRun.time - 1, 0), (LoopRun.time, 0), (LoopRun.time + 1, 1), (.max, .max - LoopRun.time), (.min, 0),
    ]

    @Test(arguments: deadlines)
    func remainingTimeIsNeverNegative(deadline: Int64, remaining: Int64) {
        var seen: Int64?
        _ = LoopRun(replies: [.event(headers: [("Lambda-Runtime-Deadline-Ms", "\(deadline)")]), .status(202)]) {
            _, context in
            seen = context.remainingMilliseconds
            return .null
        }
        #expect(seen == remaining)
    }

    // MARK: - Failures of the function

    @Test func aHandlersErrorIsReportedAndTheLoopGoesOn() {
        let run = LoopRun(replies: [.event(id: "one"), .status(202), .event(id: "two"), .status(202)]) { _, context in
            guard context.requestID == "two" else { throw PlainError.some }
            return .null
        }
        #expect(run.calls[1] == "POST invocation/one/error" && run.calls[3] == "POST invocation/two/response")
        #expect(run.requests[1].text == #"{"errorMessage":"some","errorType":"PlainError","stackTrace":[]}"#)
        #expect(run.requests[1].headers["lambda-runtime-function-error-type"] == "PlainError")
        #expect(run.logLines[0].contains(#""requestId":"one""#) && run.logLines[0].contains("invocation failed"))
    }

    @Test(arguments: [
        ("Table.Conflict", "Table.Conflict"), ("a b\r\nX: y", "a_b__X:_y"), ("", "Error"),
        (String(repeating: "é", count: 200), String(repeating: "_", count: 256)),
    ])
    func anErrorsOwnTypeIsSentAsAHeaderCanCarryIt(type: String, header: String) throws {
        let run = LoopRun(replies: [.event(), .status(202)]) { _, _ in
            throw NamedError(errorType: type, description: "line\nbreak \u{7} \"quoted\"")
        }
        #expect(run.requests[1].headers["lambda-runtime-function-error-type"] == header)
        let body = try JSONValue(parsing: run.requests[1].body)
        #expect(body["errorType"]?.string == type)
        #expect(body["errorMessage"]?.string == "line\nbreak \u{7} \"quoted\"")
        #expect(body["stackTrace"]?.elements?.isEmpty == true)
    }

    @Test func aLongMessageIsCutAtACharacter() throws {
        let run = LoopRun(replies: [.event(), .status(202)]) { _, _ in
            throw NamedError(errorType: "Long", description: "x" + String(repeating: "é", count: 50_000))
        }
        let message = try #require(try JSONValue(parsing: run.requests[1].body)["errorMessage"]?.string)
        #expect(message.hasSuffix("é…") && message.utf8.count < 33_000)
    }

    @Test func anEventThatCannotBeDecodedIsReported() {
        let run = LoopRun(
            replies: [.event("{\"a\":"), .status(202)],
            initialise: { _ in
                ClosureHandler { (_: JSONEvent, _) in .null }
            })
        #expect(run.calls[1] == "POST invocation/id-1/error")
        #expect(run.requests[1].headers["lambda-runtime-function-error-type"] == "Event.Malformed")
        #expect(run.calls[2] == "GET invocation/next")
    }

    @Test(arguments: Array(200...599))
    func anInitialisationErrorIsReportedWhateverTheAnswer(status: Int) {
        let run = LoopRun({ _, _ in .status(status) }) { _ -> ClosureHandler<RawEvent> in throw PlainError.some }
        #expect(run.exitCode == 1)
        #expect(run.calls == ["POST init/error"])
        #expect(run.requests[0].headers["lambda-runtime-function-error-type"] == "PlainError")
        #expect(run.requests[0].text.hasPrefix(#"{"errorMessage":"some""#))
    }

    // MARK: - Every status

    @Test(arguments: Array(201...599))
    func everyStatusOfNextIsDealtWith(status: Int) {
        let run = LoopRun({ _, _ in .status(status) }) { _ in ClosureHandler { (_: RawEvent, _) in .null } }
        let attempts = status >= 500 ? 1 : InvocationLoop.maximumFailures
        #expect(run.exitCode == 1)
        #expect(run.calls == Array(repeating: "GET invocation/next", count: attempts))
        #expect(run.pauses == (status >= 500 ? [] : [10, 20, 40]))
    }

    @Test(arguments: Array(200...599))
    func everyStatusOfAResponseIsDealtWith(status: Int) {
        let run = LoopRun(replies: [.event(), .status(status), .status(202)])
        let expected: [String] =
            switch status {
            case 413: ["POST invocation/id-1/response", "POST invocation/id-1/error", "GET invocation/next"]
            case 500...: ["POST invocation/id-1/response"]
            default: ["POST invocation/id-1/response", "GET invocation/next"]
            }
        #expect(Array(run.calls.dropFirst().prefix(expected.count)) == expected)
        #expect(status < 500 || run.calls.count == 2)
        if status == 413 {
            #expect(run.requests[2].headers["lambda-runtime-function-error-type"] == "Function.ResponseSizeTooLarge")
        }
        let isRefused = (300..<500).contains(status) && status != 413
        #expect(run.logLines.contains { $0.contains("the API refused the outcome") } == isRefused)
    }

    @Test(arguments: Array(200...599))
    func everyStatusOfAReportIsDealtWith(status: Int) {
        let run = LoopRun(replies: [.event(), .status(status), .status(500)]) { _, _ in throw PlainError.some }
        #expect(run.calls.count == (status >= 500 ? 2 : 3))
        #expect(run.calls[1] == "POST invocation/id-1/error")
        #expect(run.exitCode == 1)
    }

    // MARK: - What comes from outside

    @Test(arguments: ["", " ", "a b", "../../init/error", "a/b", "a%0d", "é", String(repeating: "a", count: 129), ".."])
    func aRequestIDThatCouldSteerTheRequestIsRefused(id: String) {
        let run = LoopRun({ _, _ in .event(id: id) }) { _ in ClosureHandler { (_: RawEvent, _) in .null } }
        #expect(Set(run.calls) == ["GET invocation/next"])
        #expect(run.exitCode == 1)
    }

    @Test func anEventLargerThanTheLimitIsReportedAndTheLoopGoesOn() {
        var limits = HTTPResponseParser.Limits()
        limits.body = 100
        let run = LoopRun(
            limits: limits,
            replies: [
                .event(String(repeating: "x", count: 101), id: "large").closing, .status(202),
                ScriptedAPI.Reply(
                    bytes: Array(
                        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nLambda-Runtime-Aws-Request-Id: chunks\r\n\r\n"
                            + "ffffffff\r\n").utf8)),
                .status(202), .event("fits", id: "fits"), .status(202),
            ])
        #expect(
            run.calls.filter { $0.hasPrefix("POST") } == [
                "POST invocation/large/error", "POST invocation/chunks/error", "POST invocation/fits/response",
            ])
    }

    @Test func aViewThatTheHandlerKeptGoesOnShowingItsEvent() {
        struct Keeper: LambdaHandler {
            var kept: [ByteView] = []
            mutating func handle(_ event: RawEvent, _ context: Context) throws -> LambdaResponse {
                if context.requestID == "keep" { kept.append(event.bytes) }
                return LambdaResponse(json: kept.map(\.string).joined(separator: "+"))
            }
        }
        let run = LoopRun(
            replies: [
                .event("first", id: "keep"), .status(202), .event("other", id: "drop"), .status(202),
                .event("third", id: "keep"), .status(202), .event("again", id: "drop"), .status(202),
            ], initialise: { _ in Keeper() })
        #expect(run.requests[3].text == "first" && run.requests[7].text == "first+third")
    }

    @Test func theBufferIsReusedWhenNobodyHoldsIt() {
        var addresses: Set<UInt> = []
        let large = String(repeating: "x", count: 100_000)
        _ = LoopRun(replies: [.event(large), .status(202), .event("small"), .status(202), .event(large), .status(202)])
        {
            event, _ in
            addresses.insert(event.bytes.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) })
            return .null
        }
        #expect(addresses.count == 1)
    }

    @Test func aLargeEventAndResponseGoThroughWhole() {
        let large = "\"" + String(repeating: "0123456789abcdef", count: 6 << 16) + "\""
        let run = LoopRun(replies: [.event(large), .status(202)])
        #expect(run.requests[1].text == large)
    }
}
