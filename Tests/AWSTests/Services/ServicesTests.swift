import HTTPTransport
import JSON
import Testing

@testable import AWS

/// What the calls send and read; moto judges the rest.
@Suite struct ServicesTests {
    private func json(_ request: HTTPRequest?) throws -> JSONValue {
        try JSONValue(parsing: try #require(request).body)
    }

    private func field(_ name: String, _ request: HTTPRequest?) -> String? {
        request?.fields.first { $0.name == name }?.value
    }

    @Test func athenaStartsAStatementWithItsToken() throws {
        let wire = ScriptedWire([.success(reply(200, #"{"QueryExecutionId":"id"}"#))])
        let statement = Athena.Statement(
            "select \"ü\"", database: "db", catalog: "c", workGroup: "w", outputLocation: "s3://b/o/")
        #expect(try Athena(wire.client()).start(statement, token: "token") == "id")
        let body = try json(wire.requests.first)
        #expect(body["QueryString"]?.string == "select \"ü\"" && body["ClientRequestToken"]?.string == "token")
        #expect(body["QueryExecutionContext"]?["Database"]?.string == "db")
        #expect(body["ResultConfiguration"]?["OutputLocation"]?.string == "s3://b/o/")
        #expect(field("x-amz-target", wire.requests.first) == "AmazonAthena.StartQueryExecution")
        #expect(wire.requests.first?.isIdempotent == true)
    }

    @Test func athenaTellsHowAnExecutionStands() throws {
        let text = """
            {"QueryExecution":{"Status":{"State":"FAILED","StateChangeReason":"ICEBERG_OPTIMIZE_MORE_RUNS_NEEDED",
            "AthenaError":{"ErrorCategory":1,"Retryable":true}},
            "Statistics":{"DataScannedInBytes":7,"TotalExecutionTimeInMillis":9},"ResultConfiguration":{}}}
            """
        let execution = try Athena(ScriptedWire([.success(reply(200, text))]).client()).execution("id")
        #expect(
            execution
                == AthenaExecution(
                    state: .failed, reason: "ICEBERG_OPTIMIZE_MORE_RUNS_NEEDED", outputLocation: nil, scannedBytes: 7,
                    milliseconds: 9, isRetryable: true))
        #expect(execution.state.isFinal && !AthenaExecution.State.running.isFinal)
    }

    @Test(arguments: ["", "[]", "{}", #"{"QueryExecution":{"Status":{"State":"NEW"}}}"#])
    func replyThatSaysNothingIsMalformed(_ body: String) throws {
        let wire = ScriptedWire([.success(reply(200, body, ["x-amzn-requestid": "r"]))])
        let error = #expect(throws: ServiceError.self) { try Athena(wire.client()).execution("id") }
        #expect(error?.kind == .malformedReply && error?.requestID == "r" && error?.mayHaveActed == true)
        #expect(error?.description.hasPrefix("athena GetQueryExecution: ") == true)
    }

    @Test func lambdaIsInvokedByNameOrARN() throws {
        let wire = ScriptedWire([.success(reply(200, "1", ["X-Amz-Function-Error": "Unhandled"]))])
        let invoke = LambdaInvoke(try wire.client())
        #expect(try invoke.invoke("f", [1]).functionError == "Unhandled")
        try invoke.send([2], to: "arn:aws:lambda:r:1:function:f", isIdempotent: true)
        #expect(wire.requests[0].url.hasSuffix("/2015-03-31/functions/f/invocations"))
        #expect(wire.requests[1].url.contains("arn%3Aaws%3Alambda"))
        #expect(field("x-amz-invocation-type", wire.requests[1]) == "Event")
        #expect(!wire.requests[0].isIdempotent && wire.requests[1].isIdempotent)
    }

    @Test func publishIsSentAgainOnlyWithADeduplicationID() throws {
        let wire = ScriptedWire([
            .success(reply(500, "")), .success(reply(500, "")),
            .success(
                reply(200, "<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>")
            ),
        ])
        let sns = SNS(try wire.client())
        #expect(throws: ServiceError.self) { try sns.publish(SNS.Message("a"), to: "t") }
        #expect(wire.requests.count == 1)
        #expect(try sns.publish(SNS.Message("a", groupID: "g", deduplicationID: "d"), to: "t") == "m")
        #expect(wire.requests.count == 3)
        let form = String(decoding: wire.requests[2].body, as: UTF8.self)
        #expect(form.hasPrefix("Action=Publish&Version=2010-03-31&TopicArn=t&Message=a"))
    }

    @Test func attributesOfAMessageAreNumbered() throws {
        let wire = ScriptedWire([.success(reply(400, ""))])
        let message = SNS.Message("a", attributes: ["b": .number("1"), "a": .stringArray("[\"x\"]"), "c": .string("")])
        _ = try? SNS(wire.client()).publish(message, to: "t")
        let form = String(decoding: try #require(wire.requests.first).body, as: UTF8.self)
        #expect(form.contains("MessageAttributes.entry.1.Name=a&MessageAttributes.entry.1.Value.DataType=String.Array"))
        #expect(form.contains("MessageAttributes.entry.2.Value.StringValue=1"))
    }

    @Test func batchesOfSQSHoldTenMessagesAnd256Kilobytes() throws {
        var counts: [Int] = []
        let wire = ScriptedWire { request in
            let entries = (try? JSONValue(parsing: request.body))?["Entries"]?.elements ?? []
            counts.append(entries.count)
            let results = entries.indices.map { #"{"Id":"\#($0)","MessageId":"m"}"# }
            return .success(reply(200, "{\"Successful\":[\(results.joined(separator: ","))]}"))
        }
        let large = String(repeating: "x", count: 100 << 10)
        let messages = Array(repeating: SQS.Message("a"), count: 11) + Array(repeating: SQS.Message(large), count: 3)
        let results = SQS(try wire.client()).send(messages, to: "q")
        #expect(results.count == 14 && results.allSatisfy { (try? $0.get()) == "m" })
        #expect(counts == [10, 3, 1])
    }

    @Test func resultOfNoMessageOfTheBatchIsIgnored() throws {
        let body = #"{"Successful":[{"Id":"7","MessageId":"m"},{"Id":"-1"},{"Id":"x"}],"Failed":[{"Id":"0"}]}"#
        let results = SQS(try ScriptedWire([.success(reply(200, body))]).client()).send([SQS.Message("a")], to: "q")
        #expect(results[0].failure?.code == "Failed")
    }

    @Test func secretIsAskedInItsOwnRegionAndAgainAfterItsTime() throws {
        let wire = ScriptedWire([.success(reply(200, #"{"SecretString":"hush"}"#))])
        let secrets = SecretsManager(try wire.client(), lifetimeMs: 1_000)
        let id = "arn:aws:secretsmanager:ap-east-1:1:secret:s"
        for (time, count) in [(0, 1), (999, 1), (1_000, 2)] as [(Int64, Int)] {
            wire.nowMs = 1_790_000_000_000 + time
            #expect(try secrets.secret(id).text == "hush")
            #expect(wire.requests.count == count)
        }
        #expect(wire.requests[0].url == "https://secretsmanager.ap-east-1.amazonaws.com/")
        secrets.discard(id)
        _ = try secrets.secret(id)
        #expect(wire.requests.count == 3)
    }

    @Test func secretIsUsedOnWhileTheServiceFailsButNotWhenItRefuses() throws {
        let body = #"{"SecretBinary":"AAH/"}"#
        let wire = ScriptedWire([
            .success(reply(200, body)), .failure(HTTPFailure(.cannotConnect, "m", mayHaveActed: false)),
            .success(reply(400, #"{"__type":"AccessDeniedException"}"#)),
        ])
        let secrets = SecretsManager(try wire.client(["AWS_MAX_ATTEMPTS": "1"]), lifetimeMs: 0)
        #expect(try secrets.secret("s").bytes == [0, 1, 255])
        #expect(try secrets.secret("s").bytes == [0, 1, 255])
        #expect(throws: ServiceError.self) { try secrets.secret("s") }
    }

    @Test func noFormOfPrintingShowsASecret() {
        let secret = Secret(Array(#"{"user":"hidden"}"#.utf8))
        var dumped = ""
        dump(secret, to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), dumped] { #expect(!text.contains("hidden")) }
        #expect(secret.member("user") == "hidden" && secret.member("none") == nil)
    }

    @Test func credentialsOfARoleThatCannotBeSentAreRefused() throws {
        let body = """
            <AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>A</AccessKeyId><SecretAccessKey>a b
            </SecretAccessKey><SessionToken>t</SessionToken><Expiration>2030-01-01T00:00:00Z</Expiration></Credentials>
            </AssumeRoleResult></AssumeRoleResponse>
            """
        let sts = STS(try ScriptedWire([.success(reply(200, body))]).client())
        let error = #expect(throws: ServiceError.self) { try sts.assume(AssumedRole(arn: "r", sessionName: "s")) }
        #expect(error?.kind == .malformedReply && error?.description.contains("a b") == false)
    }

    @Test func noReplyTraps() throws {
        let texts = [
            #"{"QueryExecution":{"Status":{"State":"QUEUED"}},"ResultSet":{"Rows":[{"Data":[{"VarCharValue":"1"}]}]}}"#,
            #"{"SecretString":"s","Records":[{"ShardId":"s","SequenceNumber":"1"}],"Successful":[{"Id":"0"}]}"#,
            "<AssumeRoleResponse><AssumeRoleResult><Credentials/></AssumeRoleResult></AssumeRoleResponse>",
        ]
        for (seed, text) in texts.enumerated() {
            for bytes in mutations(of: text, count: 300, seed: UInt64(seed)) + truncations(of: text) {
                let wire = ScriptedWire([.success(HTTPResponse(status: 200, body: bytes))])
                let client = try wire.client(["AWS_MAX_ATTEMPTS": "1"])
                _ = try? Athena(client).execution("i")
                _ = try? Athena(client).results("i")
                _ = try? SecretsManager(client).secret("s")
                _ = Kinesis(client).put([Kinesis.Record([1], partitionKey: "k")], into: "s")
                _ = SQS(client).send([SQS.Message("a")], to: "q")
                _ = try? STS(client).assume(AssumedRole(arn: "r", sessionName: "s"))
                _ = try? STS(client).callerIdentity()
            }
        }
    }
}
