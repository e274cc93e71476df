import HTTPTransport
import JSON
import Kafka
import Lake
import Testing

@testable import Producers

@Suite struct PollQuotesTests {
    private static let keyed = ["ALPACA_KEY_ID": "PKTESTKEYID", "ALPACA_SECRET_KEY": "s3cr3t-of-alpaca"]
    private static let arn = ["ALPACA_SECRET_ARN": "arn:aws:secretsmanager:eu-west-1:1:secret:alpaca-a1b2c3"]

    @Test func everyStepOfTheMinuteBecomesOneRecordASymbol() throws {
        let setting = try PollSetting()
        let reply = try setting.run()
        #expect(
            String(decoding: reply.serialized(), as: UTF8.self)
                == #"{"polls":12,"faults":0,"faultKinds":{},"held":0,"produced":24,"missing":0,"malformed":0,"undelivered":0,"steps":12,"failed":0,"skipped":0,"late":false}"#
        )
        let first = setting.cluster.records.prefix(2)
        #expect(
            first.map { String(decoding: $0.value, as: UTF8.self) } == [
                #"{"bars":{"BTC/USD":{"c":1.0}}}"#, #"{"bars":{"ETH/USD":{"c":2.50}}}"#,
            ])
        #expect(first.map(\.key) == [Array("BTC/USD".utf8), Array("ETH/USD".utf8)])
        #expect(setting.cluster.records.allSatisfy { $0.topic == "the-topic" && $0.headers.isEmpty })
        #expect(
            setting.requests.allSatisfy {
                $0.url
                    == "https://data.alpaca.markets/v1beta3/crypto/us/latest/bars?symbols=BTC%2FUSD,ETH%2FUSD"
                    && $0.fields == [HTTPField("Accept", "application/json")] && !$0.followsRedirects
            })
        #expect(setting.requests.count == 12 && setting.cluster.openings == 1)
        #expect(try setting.lines.metric("QuotesProduced")?.integer == 24)
        #expect(try setting.lines.metric("PollDelay")?.elements?.map(\.integer) == Array(repeating: 100, count: 12))
        #expect(try setting.lines.metric("EmptyRuns")?.integer == 0)
    }

    @Test func requestsEndWithinTheirStepAndLeaveTimeToDeliver() throws {
        let setting = try PollSetting()
        setting.replies = [.silence]
        let reply = try setting.run()
        #expect(reply["polls"]?.integer == 12 && reply["faults"]?.integer == 12 && reply["skipped"]?.integer == 0)
        #expect(reply["faultKinds"]?["unavailable"]?.integer == 12)
        #expect(reply["lastError"]?.string?.contains("timedOut") == true)
        let steps = Set(setting.deadlines.map { $0 - ManualClock.noonMs })
        // Three quarters of each step, of which the last ends with the minute's run.
        #expect(steps == Set((0..<11).map { Int64($0) * 5_000 + 3_750 } + [58_375]))
        #expect(setting.clock.nowMs < ManualClock.noonMs + 60_000)
        #expect(try setting.lines.metric("UpstreamFaults")?.integer == 12)
        #expect(try setting.lines.metric("EmptyRuns")?.integer == 1)
    }

    @Test(
        arguments: [
            (.status(500, "<html>"), "unavailable"), (.status(503), "unavailable"), (.status(429), "throttled"),
            (.status(401, #"{"message":"forbidden."}"#), "refused"), (.status(403), "refused"),
            (.status(400, #"{"message":"invalid symbol: X"}"#), "invalid"), (.status(404), "invalid"),
            (.status(302), "invalid"), (.ok("<html></html>"), "malformed"), (.ok(#"{"bars":[]}"#), "malformed"),
            (.ok(#"{"bars":{"BTC/USD":{"c":1"#), "malformed"), (.ok(""), "malformed"), (.silence, "unavailable"),
        ] as [(PollSetting.Reply, String)])
    func faultsAreCountedByKindAndTheNextStepTriesAgain(_ fault: PollSetting.Reply, _ kind: String) throws {
        let setting = try PollSetting()
        // The client itself sends again what may pass: four times in all.
        let tries = ["unavailable", "throttled"].contains(kind) ? 4 : 1
        setting.replies = Array(repeating: fault, count: tries) + [.ok(PollSetting.two)]
        let reply = try setting.run()
        if case .silence = fault {
            // There is no time for a fourth.
            #expect(reply["produced"]?.integer ?? 0 >= 20)
        } else {
            #expect(reply["polls"]?.integer == 12 && reply["produced"]?.integer == 22)
        }
        #expect(reply["faults"]?.integer == 1 && reply["failed"]?.integer == 1)
        #expect(reply["faultKinds"]?[kind]?.integer == 1, "\(reply)")
        #expect(reply["lastError"]?.string?.hasPrefix("Alpaca ") == true)
    }

    @Test func whatIsMissingIsCountedAndTheRestGoesOn() throws {
        let setting = try PollSetting()
        setting.replies = [
            .ok(#"{"bars":{"BTC/USD":{"c":1}}}"#), .ok(#"{"bars":{"BTC/USD":null,"ETH/USD":"x"}}"#),
            .ok(PollSetting.two),
        ]
        let reply = try setting.run(#"{"steps":3}"#)
        #expect(reply["missing"]?.integer == 2 && reply["malformed"]?.integer == 1 && reply["produced"]?.integer == 3)
        #expect(reply["faults"]?.integer == 0 && reply["failed"]?.integer == 0 && reply["steps"]?.integer == 3)
    }

    // MARK: - Being asked for less

    @Test func alpacaIsLeftAloneAsLongAsItAsks() throws {
        let setting = try PollSetting()
        setting.replies = [.status(429, retryAfter: "17"), .ok(PollSetting.two)]
        let reply = try setting.run()
        // At 0 s it says so; 5, 10 and 15 s are within it.
        #expect(reply["polls"]?.integer == 9 && reply["held"]?.integer == 3 && reply["faults"]?.integer == 1)
        #expect(setting.requests.count == 9 && reply["produced"]?.integer == 16)
        #expect(reply["failed"]?.integer == 1)
    }

    @Test func aShortWaitIsDoneWithinTheStep() throws {
        let setting = try PollSetting()
        setting.replies = [.status(429, retryAfter: "2"), .ok(PollSetting.two)]
        let reply = try setting.run(#"{"steps":1}"#)
        #expect(reply["faults"]?.integer == 0 && reply["produced"]?.integer == 2 && setting.requests.count == 2)
    }

    @Test func theWaitGoesOnInTheNextMinuteButNotForHours() throws {
        let setting = try PollSetting()
        setting.replies = [.status(503, retryAfter: "86400"), .ok(PollSetting.two)]
        #expect(try setting.run()["held"]?.integer == 11)
        var minutes = 1
        while setting.requests.count == 1, minutes < 10 {
            setting.clock.nowMs = ManualClock.noonMs + Int64(minutes) * 60_000
            _ = try setting.run()
            minutes += 1
        }
        #expect(setting.clock.nowMs > ManualClock.noonMs + PollQuotes.longestHoldMs && minutes == 6)
    }

    // MARK: - Key

    @Test func theKeyGoesIntoItsFieldsAndNowhereElse() throws {
        let setting = try PollSetting(Self.keyed)
        let echo = #"{"code":"PKTESTKEYID","message":"key PKTESTKEYID with s3cr3t-of-alpaca is unknown"}"#
        setting.replies = [.status(403, echo), .status(400, echo), .ok("PKTESTKEYID s3cr3t-of-alpaca")]
        let reply = try setting.run(#"{"steps":3}"#)
        let fields = Set(setting.requests.flatMap { $0.fields.map { "\($0.name): \($0.value)" } })
        #expect(fields.isSuperset(of: ["APCA-API-KEY-ID: PKTESTKEYID", "APCA-API-SECRET-KEY: s3cr3t-of-alpaca"]))
        let all = String(decoding: reply.serialized(), as: UTF8.self) + setting.lines.text
        #expect(!all.contains("PKTESTKEYID") && !all.contains("s3cr3t"))
        #expect(reply["faultKinds"]?["refused"]?.integer == 1)
        setting.replies = [.status(400, echo)]
        setting.clock.pass(60_000)
        let last = try setting.run(#"{"steps":1}"#)["lastError"]?.string
        #expect(last?.contains("Alpaca gave no bars: … [400]: key … with … is unknown") == true, "\(last ?? "")")
    }

    @Test(arguments: [
        #"{"keyId":"ID-1","secretKey":"KEY-1"}"#, #"{"ALPACA_SECRET_KEY":"KEY-1","x":1,"ALPACA_KEY_ID":"ID-1"}"#,
        #"{"APCA-API-KEY-ID":"ID-1","APCA-API-SECRET-KEY":"KEY-1"}"#,
    ])
    func bothHalvesComeFromOneSecret(_ secret: String) throws {
        let setting = try PollSetting(Self.arn)
        setting.secret = secret
        #expect(try setting.run()["produced"]?.integer == 24)
        #expect(setting.requests[0].fields.contains(HTTPField("APCA-API-KEY-ID", "ID-1")))
        #expect(setting.requests[0].fields.contains(HTTPField("APCA-API-SECRET-KEY", "KEY-1")))
        #expect(setting.secretRequests == 1)
    }

    @Test func anExchangedKeyIsFoundWithoutALostPoll() throws {
        let setting = try PollSetting(Self.arn)
        setting.secret = #"{"keyId":"ID-1","secretKey":"KEY-1"}"#
        _ = try setting.run(#"{"steps":1}"#)
        setting.secret = #"{"keyId":"ID-2","secretKey":"KEY-2"}"#
        setting.replies = [.status(401), .ok(PollSetting.two)]
        let reply = try setting.run()
        #expect(reply["faults"]?.integer == 0 && reply["produced"]?.integer == 22)
        #expect(setting.requests.last?.fields.contains(HTTPField("APCA-API-SECRET-KEY", "KEY-2")) == true)
        #expect(setting.secretRequests == 2)
    }

    @Test func aKeyThatStaysRefusedIsNotLookedUpAtEveryStep() throws {
        let setting = try PollSetting(Self.arn)
        setting.secret = #"{"keyId":"ID-1","secretKey":"KEY-1"}"#
        setting.replies = [.status(401)]
        let reply = try setting.run()
        #expect(reply["faultKinds"]?["refused"]?.integer == 12 && setting.requests.count == 12)
        // Once to begin with, and then every half minute.
        #expect(setting.secretRequests == 3)
        #expect(reply["lastError"]?.string?.contains("ALPACA_SECRET_ARN") == true)
    }

    @Test(arguments: [
        nil, "a text", "{}", #"{"keyId":"a"}"#, #"{"keyId":"","secretKey":"b"}"#, #"{"keyId":"a b","secretKey":"b"}"#,
    ])
    func aSecretWithoutAKeyIsAFaultOfEachStep(_ secret: String?) throws {
        let setting = try PollSetting(Self.arn)
        setting.secret = secret
        let reply = try setting.run(#"{"steps":2}"#)
        #expect(reply["faultKinds"]?["key"]?.integer == 2 && setting.requests.isEmpty)
        #expect(reply["lastError"]?.string?.contains("the key for Alpaca cannot be had") == true)
    }

    // MARK: - Settings

    @Test(arguments: [
        (["ALPACA_KEY_ID": "a"], "ALPACA_SECRET_KEY is not set, but ALPACA_KEY_ID is"),
        (["ALPACA_SECRET_KEY": "a"], "ALPACA_KEY_ID is not set, but ALPACA_SECRET_KEY is"),
        (["ALPACA_KEY_ID": "a", "ALPACA_SECRET_ARN": "arn"], "ALPACA_KEY_ID: only one of them may be"),
        (["ALPACA_SECRET_KEY": "a", "ALPACA_SECRET_ARN": "arn"], "ALPACA_SECRET_KEY: only one of them may be"),
        (["ALPACA_KEY_ID": "a", "ALPACA_SECRET_KEY": "b c"], "ALPACA_SECRET_KEY holds no key"),
        (["ALPACA_KEY_ID": "ä", "ALPACA_SECRET_KEY": "b"], "ALPACA_KEY_ID holds no key"),
        (["ALPACA_URL": "http://example.com"], "ALPACA_URL must be https://"),
        (["ALPACA_URL": "https://u@example.com"], "ALPACA_URL must be https://"),
    ])
    func aSettingThatCannotBeUsedIsNamed(_ environment: [String: String], _ part: String) throws {
        let error = #expect(throws: ConfigurationError.self) { try PollSetting(environment) }
        #expect(error?.description.contains(part) == true, "\(error as Any)")
    }

    @Test func anotherAddressAndAnEmptyKeyAreTaken() throws {
        let setting = try PollSetting([
            "ALPACA_URL": "http://127.0.0.1:81/base/", "ALPACA_KEY_ID": "", "ALPACA_SECRET_KEY": "",
        ])
        _ = try setting.run(#"{"steps":1}"#)
        #expect(
            setting.requests[0].url
                == "http://127.0.0.1:81/base/v1beta3/crypto/us/latest/bars?symbols=BTC%2FUSD,ETH%2FUSD")
    }

    @Test func aDefinitionWithoutQuotesIsAnError() throws {
        let error = #expect(throws: JobError.self) {
            try PollSetting(definition: #"{"databases": [], "tables": [], "streams": []}"#)
        }
        #expect(error?.code == .producers(.notDefined))
    }

    // MARK: - The cluster

    @Test func whatIsNotDeliveredIsCountedAndTheNextStepTriesAgain() throws {
        let setting = try PollSetting()
        setting.cluster.faults = [KafkaError(.timedOut, "b-1:9092 is down"), KafkaError(.notAuthorised, "no")]
        let reply = try setting.run()
        #expect(reply["produced"]?.integer == 20 && reply["undelivered"]?.integer == 4 && reply["failed"]?.integer == 2)
        #expect(reply["lastError"]?.string == "2 of 2 records were not delivered: 2 × NotAuthorised: no")
        // A flush has what the request left of its step.
        #expect(setting.cluster.flushes.first == 4_900 && setting.cluster.flushes.last == 4_400)
        #expect(try setting.lines.metric("Undelivered")?.integer == 4)
        #expect(setting.cluster.openings == 1)
    }

    @Test func aClusterThatDoesNotBelieveUsIsOpenedAnew() throws {
        let setting = try PollSetting()
        setting.cluster.faults = [KafkaError(.authenticationFailed, "wrong password")]
        #expect(try setting.run(#"{"steps":3}"#)["produced"]?.integer == 4)
        #expect(setting.cluster.openings == 2)
    }

    @Test func aClusterThatCannotBeOpenedEndsNoMinute() throws {
        let setting = try PollSetting()
        setting.cluster.isShut = true
        let reply = try setting.run()
        #expect(reply["failed"]?.integer == 12 && reply["polls"]?.integer == 0 && setting.requests.isEmpty)
        #expect(reply["lastError"]?.string == "the cluster is shut")
        setting.cluster.isShut = false
        setting.cluster.isFull = true
        setting.clock.nowMs = ManualClock.noonMs + 60_000
        #expect(try setting.run()["undelivered"]?.integer == 24)
    }

    @Test func aRepeatedMinuteAsksForNothing() throws {
        let setting = try PollSetting()
        let event = #"{"scheduledTime":"2026-11-20T12:00:00Z","executionId":"e"}"#
        _ = try setting.run(event)
        #expect(try setting.run(event)["polls"]?.integer == 0)
        setting.clock.nowMs = ManualClock.noonMs + 70_000
        let late = try setting.run(event)
        #expect(late["late"]?.bool == true && late["polls"]?.integer == 0 && setting.requests.count == 12)
        #expect(try setting.lines.metric("RunsLate")?.integer == 1)
        #expect(try setting.lines.metric("EmptyRuns")?.integer == 0)
    }
}
