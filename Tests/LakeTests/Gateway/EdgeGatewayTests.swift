import JSON
import Parquet
import Testing

@testable import Lake

@Suite struct EdgeGatewayTests {
    private static let reading = #"{"id":7,"cpu":0.5,"at":"2026-11-20T10:15:30Z"}"#

    @Test(arguments: [false, true]) func oneReadingGoesToTheStreamAsItWasWritten(gzip: Bool) throws {
        let run = try GatewayRun()
        let body = "\n { \"id\" : 7.0 , \"name\":\"\\u00e9\",\n \"unknown\":[1] }\t"
        let reply = try run.send(body, gzip: gzip)
        #expect(reply.status == 202 && reply.body == .object([("accepted", .integer(1)), ("rejected", .array([]))]))
        #expect(reply.headers == ["content-type": "application/json", "cache-control": "no-store"])
        #expect(run.payloads == ["{ \"id\" : 7.0 , \"name\":\"\\u00e9\",\n \"unknown\":[1] }"])
        #expect(run.kinesis.records.map(\.key) == ["7"] && run.kinesis.streams == ["sensors"])
    }

    @Test func manyReadingsComeAsAnArrayOrLineByLine() throws {
        let run = try GatewayRun()
        #expect(try run.send("[\(Self.reading) , {\"id\":7}]").body["accepted"]?.integer == 2)
        let lines = "\r\n\(Self.reading)\r\n\n  {\"id\":7}"
        #expect(try run.send(lines, "Application/X-NDJSON; charset=\"UTF-8\"", gzip: true).status == 202)
        #expect(run.payloads == [Self.reading, "{\"id\":7}", Self.reading, "{\"id\":7}"])
    }

    @Test func badReadingsAreRejectedOneByOneAndTheOthersTaken() throws {
        let run = try GatewayRun()
        let readings = [
            Self.reading, #"{"id":8}"#, #"{"id":7,"cpu":"hot-secret"}"#, #"{"cpu":1}"#, #"{"id":7,"small":3000000000}"#,
            "3", "null",
            #"{"id":7,"at":"yesterday"}"#, #"{"id":7,"raw":"*"}"#, #"{"id":null}"#,
        ]
        let faults = [
            "1:device:id", "2:wrongType:cpu", "3:missingField:id", "4:outOfRange:small", "5:notAnObject",
            "6:notAnObject",
            "7:badTimestamp:at", "8:badString:raw", "9:missingField:id",
        ]
        let array = try run.send("[\(readings.joined(separator: ","))]")
        #expect(array.status == 202 && array.body["accepted"]?.integer == 1 && array.rejected == faults)
        let lines = try run.send(
            (readings + ["{", "\u{0}\u{0}\u{0}\u{0}\u{1}{\"id\":7}"]).joined(separator: "\n"), "application/x-ndjson")
        #expect(lines.status == 202 && lines.rejected == faults + ["10:badJSON", "11:badJSON"])
        #expect(run.payloads == [Self.reading, Self.reading])
        #expect(!run.written.joined().contains("hot-secret") && !run.written.joined().contains("v1."))
        #expect(run.written.contains { $0.contains("ReadingsRejected") && $0.contains("\"Reason\":\"wrongType\"") })
    }

    @Test func whatIsOfOtherDevicesAloneIsForbidden() throws {
        let run = try GatewayRun()
        let reply = try run.send(#"[{"id":8},{"id":70}]"#)
        #expect(reply.status == 403 && reply.error == "forbidden" && reply.rejected == ["0:device:id", "1:device:id"])
        let mixed = try run.send(#"[{"id":8},{"id":"7"}]"#)
        #expect(mixed.status == 400 && mixed.error == "rejected" && mixed.body["accepted"]?.integer == 0)
        #expect(try run.send(#"{"id":7}"#, device: "07").status == 403)
        #expect(run.payloads.isEmpty)
    }

    @Test(arguments: [
        ("", "application/json"), ("[", "application/json"), ("[]", "application/json"), ("7", "application/json"),
        (#"{"id":7} {"id":7}"#, "application/json"), ("[{\"id\":7},]", "application/json"),
        ("{\"id\":7", "application/json"),
        ("", "application/x-ndjson"), ("\n \r\n", "application/x-ndjson"), ("\u{FEFF}{\"id\":7}", "application/json"),
    ])
    func aBodyThatIsNoneIsMalformed(body: String, type: String) throws {
        let run = try GatewayRun()
        let reply = try run.send(body, type)
        #expect(reply.status == 400 && reply.error == "malformed" && run.payloads.isEmpty)
    }

    @Test func bodiesThatAreNoGzipAreMalformedAndBombsTooLarge() throws {
        let run = try GatewayRun()
        #expect(try run.send(Array(Self.reading.utf8), "application/json", "gzip").error == "malformed")
        let bomb = try #require(Gzip.compress(Array(repeating: UInt8(ascii: " "), count: 100_000_000)))
        let reply = try run.send(bomb, "application/json", "gzip")
        #expect(reply.status == 413 && reply.error == "tooLarge")
        #expect(run.payloads.isEmpty)
    }

    @Test(
        arguments: [
            (nil, nil), ("text/plain", nil), ("application/json; charset=latin1", nil), ("application/jsonp", nil),
            ("", nil),
            ("application/json", "br"), ("application/json", "gzip, gzip"), ("application/json", "deflate"),
        ] as [(String?, String?)])
    func otherTypesAndEncodingsAreUnsupported(type: String?, encoding: String?) throws {
        let run = try GatewayRun()
        let reply = try run.send(Array(Self.reading.utf8), type, encoding)
        #expect(
            reply.status == 415 && reply.error == (encoding == nil ? "unsupportedMediaType" : "unsupportedEncoding"))
        #expect(encoding == nil ? reply.headers["accept"] != nil : reply.headers["accept-encoding"] == "gzip")
    }

    @Test func sizesHaveLimits() throws {
        let run = try GatewayRun(["EDGE_DEVICE_RATE": "0"])
        func body(_ count: Int) -> String {
            "[" + Array(repeating: #"{"id":7}"#, count: count).joined(separator: ",") + "]"
        }
        #expect(try run.send(body(500)).body["accepted"]?.integer == 500)
        #expect(try run.send(body(501)).error == "tooManyReadings")
        let lines = body(501).dropFirst().dropLast().replacing(",", with: "\n")
        #expect(try run.send(String(lines), "application/x-ndjson").status == 413)
        // Nesting and what follows are no matter once there are too many.
        #expect(try run.send(String(body(501).dropLast()) + ",[").status == 413)
        let long = #"{"id":7,"name":"\#(String(repeating: "x", count: 1 << 20))"}"#
        let reply = try run.send(long)
        #expect(reply.status == 413 && reply.error == "tooLarge")
        let compressed = try run.send("[\(long),{\"id\":7}]", gzip: true)
        #expect(compressed.status == 202 && compressed.rejected == ["0:tooLarge"])
        #expect(
            try run.send("[" + Array(repeating: long, count: 5).joined(separator: ",") + "]", gzip: true).status == 413)
    }

    @Test func otherPathsAndMethodsAreTold() throws {
        let run = try GatewayRun()
        for path in ["/", "/v1/readings/", "/V1/readings", "/v1", "", "/v1/readings/7", "/prod/v1/readings"] {
            let reply = try run.request("POST", path)
            #expect(reply.status == 404 && reply.error == "notFound", "\(path)")
        }
        for method in ["GET", "PUT", "DELETE", "HEAD", "OPTIONS", "post", "TRACE", ""] {
            let reply = try run.request(method, "/v1/readings")
            #expect(reply.status == 405 && reply.headers["allow"] == "POST")
        }
        #expect(try run.request("POST", "/prod/v1/readings", stage: "prod").status == 401)
        // Behind a domain of one's own the stage is not in the path, even if it is called like the path's beginning.
        #expect(try run.request("POST", "/v1/readings", stage: "v1").status == 401)
        #expect(try run.request("POST", "/v1/v1/readings", stage: "v1").status == 401)
        let health = try run.request("GET", "/v1/health")
        #expect(health.status == 200 && health.body["status"]?.string == "ok")
        #expect(try run.request("POST", "/v1/health").headers["allow"] == "GET")
    }

    @Test func everyRefusalOfATokenIsTheSame() throws {
        let run = try GatewayRun()
        let body = Array(Self.reading.utf8)
        let good = run.token("7", body)
        let foreign = run.token("7", body, master: String(repeating: "z", count: 32))
        let fields: [String?] = [
            nil, "", "Bearer", good + "x", String(good.dropLast()), foreign, run.token("7", []), run.token("8", []),
            "Basic Nzo3", good.replacing("v1", with: "v2"), good.replacing("1795000060", with: "1894999999"),
            good.replacing("1795000060", with: "1"), good.replacing(".Nw.", with: ".OA."),
            String(repeating: "a", count: 100_000),
        ]
        var replies: Set<String> = []
        for field in fields {
            let reply = try run.request(
                body: body,
                fields: ["content-type": "application/json"].merging(field.map { ["authorization": $0] } ?? [:]) { $1 })
            #expect(reply.status == 401)
            replies.insert("\(reply.headers.sorted { $0.key < $1.key }) \(reply.body)")
        }
        #expect(replies.count == 1 && replies.first?.contains("Bearer") == true)
        // Nobody without a token learns what is wrong with the rest.
        #expect(try run.request(body: [0xFF], fields: ["content-encoding": "br"]).status == 401)
        #expect(run.payloads.isEmpty)
        #expect(run.written.allSatisfy { !$0.contains("v1.") && !$0.contains(GatewayRun.master) })
    }

    @Test func tokensOfTheSecretBeforeAreGoodWhileItIsNamed() throws {
        let old = String(repeating: "o", count: 40)
        let run = try GatewayRun(["EDGE_MASTER_SECRET_PREVIOUS": old])
        let body = Array(Self.reading.utf8)
        let fields = ["content-type": "application/json", "authorization": run.token("7", body, master: old)]
        #expect(try run.request(body: body, fields: fields).status == 202)
        #expect(try GatewayRun().request(body: body, fields: fields).status == 401)
    }

    @Test func aDeviceThatSendsTooOftenWaits() throws {
        let run = try GatewayRun(["EDGE_DEVICE_RATE": "0.2"])
        for _ in 0..<2 { #expect(try run.send(Self.reading).status == 202) }
        let reply = try run.send(Self.reading)
        #expect(reply.status == 429 && reply.error == "tooManyRequests" && reply.headers["retry-after"] == "5")
        #expect(try run.send(#"{"id":8}"#, device: "8").status == 202)
        // Whoever has no token takes nothing of the device's share.
        #expect(try run.request(body: [], fields: [:]).status == 401)
        run.nowMs += 5_000
        #expect(try run.send(Self.reading).status == 202)
        #expect(run.written.contains { $0.contains("RequestsThrottled") })
    }

    @Test func whatKinesisTurnsAwayIsToBeSentAgain() throws {
        let run = try GatewayRun()
        run.kinesis.answers = [.half, .throttled]
        let reply = try run.send("[\(Self.reading),{\"id\":7},{\"id\":8}]")
        #expect(reply.status == 503 && reply.headers["retry-after"] == "5" && reply.error == "unavailable")
        #expect(
            reply.body["accepted"]?.integer == 1 && reply.body["failed"]?.integer == 1
                && reply.rejected == ["2:device:id"])
        #expect(run.kinesis.records.count == 1)
        run.kinesis.answers = [.half, .taken]
        #expect(try run.send("[\(Self.reading),{\"id\":7}]").status == 202)
    }

    @Test(arguments: [
        FakeKinesis.Answer.silence, .fault(500, "InternalFailure"), .fault(400, "ResourceNotFoundException"),
        .fault(400, "AccessDeniedException"), .fault(400, "LimitExceededException"), .fault(200, "x"),
    ])
    func otherFaultsOfKinesisAreTheSameToADevice(answer: FakeKinesis.Answer) throws {
        let run = try GatewayRun()
        run.kinesis.answers = [answer]
        let reply = try run.send(Self.reading)
        #expect(reply.status == 503 && reply.headers["retry-after"] != nil)
        #expect(
            reply.body
                == .object([
                    ("error", .string("unavailable")),
                    ("message", .string("the readings cannot be taken now; send the same body again with a new token")),
                    ("accepted", .integer(0)), ("failed", .integer(1)), ("rejected", .array([])),
                ]))
        #expect(run.written.contains { $0.hasPrefix("error readings could not be put into the stream") })
    }

    @Test func aSecretThatCannotBeReadIsAFaultOfOurs() throws {
        let arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:edge"
        let run = try GatewayRun(["EDGE_MASTER_SECRET": "", "EDGE_MASTER_SECRET_SECRET_ARN": arn])
        run.kinesis.answers = [.fault(400, "AccessDeniedException")]
        let reply = try run.send(Self.reading)
        #expect(reply.status == 503 && reply.error == "unavailable" && !"\(reply.body)".contains("edge"))
    }
}
