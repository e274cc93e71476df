import JSON
import TestSupport
import Testing

@testable import LambdaRuntime

struct HTTPEventTests {
    static let request = #"""
        {"version":"2.0","routeKey":"POST /v1/readings","rawPath":"/prod/v1/readings","rawQueryString":"a=1&b=%20",
        "cookies":["c=1"],"headers":{"authorization":"Bearer x","content-type":"application/json","x-q":"a \"b\" \u00e9"},
        "queryStringParameters":{"a":"1","b":" "},"requestContext":{"accountId":"123456789012","apiId":"api",
        "authorizer":{"jwt":{"claims":{}}},"domainName":"api.execute-api.eu-west-1.amazonaws.com",
        "http":{"method":"POST","path":"/prod/v1/readings","protocol":"HTTP/1.1","sourceIp":"192.0.2.1","userAgent":"u"},
        "requestId":"JKJaXmPLvHcESHA=","routeKey":"POST /v1/readings","stage":"prod",
        "time":"10/Mar/2020:05:16:23 +0000","timeEpoch":1583817383220},
        "body":"{\"id\":\t7}","isBase64Encoded":false}
        """#.replacing(#"\t"#, with: " ")

    private func event(_ text: String) throws -> HTTPEvent { try HTTPEvent(EventBuffer(Array(text.utf8))) }

    @Test func everyFieldIsRead() throws {
        let event = try event(Self.request)
        #expect(event.method == "POST" && event.rawPath == "/prod/v1/readings" && event.path == "/v1/readings")
        #expect(event.rawQueryString == "a=1&b=%20" && event.stage == "prod")
        #expect(event.headers.count == 3 && event.header("Content-Type")?.string == "application/json")
        #expect(event.header("x-q")?.string == "a \"b\" é" && event.header("x") == nil)
        #expect(event.requestID == "JKJaXmPLvHcESHA=" && event.sourceIP == "192.0.2.1")
        #expect(event.timeMs == 1_583_817_383_220 && !event.isBase64Encoded)
        #expect(try event.body() == Array(#"{"id": 7}"#.utf8))
    }

    @Test(arguments: [
        ("$default", "/v1/readings", "/v1/readings"), ("", "/v1/readings", "/v1/readings"), ("prod", "/prod", "/"),
        ("prod", "/production/v1", "/production/v1"), ("prod", "/v1/readings", "/v1/readings"), ("v1", "/v1/v1", "/v1"),
    ])
    func theStageIsNoPartOfThePath(stage: String, raw: String, path: String) throws {
        let text = Self.request.replacing(#""stage":"prod""#, with: #""stage":"\#(stage)""#)
            .replacing(#""rawPath":"/prod/v1/readings""#, with: #""rawPath":"\#(raw)""#)
        #expect(try event(text).path == path)
    }

    @Test func aBodyInBase64IsDecodedWhenAskedFor() throws {
        let binary = Self.request.replacing(#""body":"{\"id\": 7}","isBase64Encoded":false"#, with: "BODY")
        func body(_ members: String) throws -> [UInt8] {
            try event(binary.replacing("BODY", with: members)).body()
        }
        #expect(try body(#""body":"H4sA/w==","isBase64Encoded":true"#) == [0x1F, 0x8B, 0, 0xFF])
        #expect(try body(#""isBase64Encoded":true"#) == [])
        #expect(try body(#""body":null"#) == [])
        #expect(try body(#""body":"H4sA/w==""#) == Array("H4sA/w==".utf8))
        let error = #expect(throws: EventError.self) { try body(#""body":"H4sA/w=","isBase64Encoded":true"#) }
        #expect(error?.code == .badValue && error?.path == "body")
    }

    static let faults: [(old: String, new: String, code: EventError.Code, path: String)] = [
        (#""version":"2.0""#, #""version":"1.0""#, .wrongSource, "version"),
        (#""version":"2.0","#, "", .missingField, "version"),
        (#""rawPath":"#, #""x":"#, .missingField, "rawPath"),
        (#""method":"#, #""x":"#, .missingField, "requestContext.http.method"),
        (#""rawPath":"/prod/v1/readings""#, #""rawPath":7"#, .wrongKind, "rawPath"),
        (#""Bearer x""#, "null", .wrongKind, "headers[0]"),
        (#""isBase64Encoded":false"#, #""isBase64Encoded":"no""#, .wrongKind, "isBase64Encoded"),
        ("1583817383220", "1e400", .badValue, "requestContext.timeEpoch"),
        (#""{\"id\": 7}""#, "{}", .wrongKind, "body"),
        (#""sourceIp":"192.0.2.1""#, #""sourceIp":[]"#, .wrongKind, "requestContext.http.sourceIp"),
        (#""stage":"prod""#, #""stage":"\ud800""#, .malformed, "requestContext.stage"),
    ]

    @Test(arguments: faults)
    func whatIsWrongIsNamed(old: String, new: String, code: EventError.Code, path: String) {
        let error = #expect(throws: EventError.self) { try event(Self.request.replacing(old, with: new)) }
        #expect(error?.code == code && error?.path == path, "\(String(describing: error))")
    }

    @Test(arguments: [
        ("", EventError.Code.malformed), ("{}", .missingField), (KinesisEventTests.batch, .missingField),
        ("[]", .wrongKind), ("{\"headers\":", .malformed), (EventBridgeEventTests.rule, .wrongSource),
        (#"{"resource":"/","httpMethod":"GET","version":"1.0"}"#, .wrongSource),
    ])
    func otherEventsAreRefused(text: String, code: EventError.Code) {
        let error = #expect(throws: EventError.self) { try event(text) }
        #expect(error?.code == code)
    }

    @Test func mutationsNeverTrap() {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<4000 {
            var bytes = Array(Self.request.utf8)
            bytes.mutate(&random)
            guard let event = try? HTTPEvent(EventBuffer(bytes)) else { continue }
            _ = try? event.body()
            _ = (event.path, event.headers.map(\.value.string), event.sourceIP.string)
        }
    }

    @Test func everyTruncationIsRefused() {
        let bytes = Array(Self.request.utf8)
        for length in 0..<bytes.count {
            #expect(throws: EventError.self) { try HTTPEvent(EventBuffer(Array(bytes[..<length]))) }
        }
    }
}

struct HTTPReplyTests {
    @Test func textGoesAsItIsAndOtherBytesAsBase64() {
        let reply = HTTPReply(
            statusCode: 202, headers: ["retry-after": "5", "allow": "POST"], body: Array("{\"a\":\"é\n\"}".utf8))
        #expect(
            String(decoding: reply.response.bytes, as: UTF8.self)
                == #"{"statusCode":202,"headers":{"allow":"POST","retry-after":"5"},"body":"{\"a\":\"é\n\"}","isBase64Encoded":false}"#
        )
        #expect(
            String(decoding: HTTPReply(statusCode: 200, body: [0xFF]).response.bytes, as: UTF8.self)
                == #"{"statusCode":200,"headers":{},"body":"/w==","isBase64Encoded":true}"#)
    }
}
