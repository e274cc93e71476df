import HTTPTransport
import Testing

@testable import AWS

@Suite struct ServiceClientTests {
    private func field(_ name: String, of request: HTTPRequest) -> String? {
        request.fields.first { $0.name.lowercased() == name }?.value
    }

    @Test func resultsComeInTheOrderOfTheCalls() throws {
        let wire = ScriptedWire { request in
            .success(reply(request.url.hasSuffix("bad") ? 404 : 200, request.url))
        }
        let paths = ["/a", "/bad", "/c"]
        let calls = paths.map { path in
            var call = ServiceRequest.call()
            call.path = path
            return call
        }
        let results = try wire.client().send(calls)
        #expect(wire.rounds == [3])
        let bodies = results.map { try? String(decoding: $0.get().body, as: UTF8.self) }
        #expect(bodies == ["https://glue.eu-west-1.amazonaws.com/a", nil, "https://glue.eu-west-1.amazonaws.com/c"])
    }

    @Test func onlyTheCallsThatFailedAreSentAgain() throws {
        var failures = 2
        let wire = ScriptedWire { request in
            guard request.url.hasSuffix("/1"), failures > 0 else { return .success(reply()) }
            failures -= 1
            return .success(reply(503, ""))
        }
        let calls = (0..<3).map { index in
            var call = ServiceRequest.call()
            call.path = "/\(index)"
            return call
        }
        let results = try wire.client().send(calls)
        #expect(wire.rounds == [3, 1, 1])
        #expect(results.allSatisfy { (try? $0.get().status) == 200 })
    }

    @Test func callThatIsDueEarlierDoesNotWaitForOneThatIsDueLater() throws {
        var asked: [String: Int] = [:]
        let wire = ScriptedWire { request in
            asked[request.url, default: 0] += 1
            guard asked[request.url] == 1 else { return .success(reply()) }
            let seconds = request.url.hasSuffix("/slow") ? "5" : "1"
            return .success(reply(503, "", ["Retry-After": seconds]))
        }
        let calls = ["/slow", "/fast"].map { path in
            var call = ServiceRequest.call()
            call.path = path
            return call
        }
        _ = try wire.client().send(calls)
        #expect(wire.requests.map { String($0.url.suffix(5)) } == ["/slow", "/fast", "/fast", "/slow"])
        #expect(wire.waits == [1_000, 4_000])
    }

    @Test func startPutsCallsOnTheWireAndFinishWaits() throws {
        let wire = ScriptedWire([.success(reply())])
        let client = try wire.client()
        let exchange = client.start([.call()])
        #expect(wire.rounds == [1])
        #expect(client.finish(exchange).count == 1)
        #expect(client.finish(exchange).count == 1)
        #expect(wire.rounds == [1])
        #expect(client.send([]).isEmpty)
    }

    @Test func requestIsSignedAndCarriesWhatWasGiven() throws {
        let wire = ScriptedWire([.success(reply())])
        var call = ServiceRequest.call(isIdempotent: false)
        call.path = "/a%20b"
        call.query = [("uploads", ""), ("q", "x y")]
        call.fields = [HTTPField("If-None-Match", "*")]
        call.body = [1, 2]
        call.maximumResponseBytes = 7
        _ = try wire.client().send(call)
        let request = try #require(wire.requests.first)
        #expect(request.url == "https://glue.eu-west-1.amazonaws.com/a%20b?uploads=&q=x%20y")
        #expect(request.body == [1, 2] && request.maximumResponseBytes == 7 && !request.isIdempotent)
        #expect(field("if-none-match", of: request) == "*")
        #expect(field("x-amz-security-token", of: request) == "token")
        let authorization = try #require(field("authorization", of: request))
        #expect(authorization.contains("/eu-west-1/glue/aws4_request"))
        #expect(authorization.contains("SignedHeaders=host;if-none-match;x-amz-date;x-amz-security-token"))
    }

    @Test func otherSigningNamesRegionsAndWaysOfProof() throws {
        let wire = ScriptedWire([.success(reply())])
        let client = try wire.client()
        var call = ServiceRequest.call()
        call.authorization = .signed(as: "s3tables")
        call.region = "ap-east-1"
        _ = try client.send(call)
        call.authorization = .bearer("abc")
        call.endpoint = "http://localhost:8181/base"
        _ = try client.send(call)
        call.authorization = .none
        _ = try client.send(call)
        #expect(field("authorization", of: wire.requests[0])?.contains("/ap-east-1/s3tables/") == true)
        #expect(wire.requests[0].url == "https://glue.ap-east-1.amazonaws.com/")
        #expect(field("authorization", of: wire.requests[1]) == "Bearer abc")
        #expect(wire.requests[1].url == "http://localhost:8181/base/")
        #expect(field("authorization", of: wire.requests[2]) == nil)
    }

    @Test func payloadOfS3IsHashedUnsignedOrKnown() throws {
        let wire = ScriptedWire([.success(reply())])
        let client = try wire.client()
        for (payload, hash) in [
            (.hash, SHA256.hex([1])), (.unsigned, "UNSIGNED-PAYLOAD"), (.known("abc"), "abc"),
        ] as [(ServiceRequest.PayloadSignature, String)] {
            let call = ServiceRequest(
                .s3, "PutObject", .put, body: [1], isIdempotent: true, errorFormat: .xml, payloadSignature: payload)
            _ = try client.send(call)
            #expect(field("x-amz-content-sha256", of: try #require(wire.requests.last)) == hash)
        }
    }

    @Test func missingRegionAndCredentialsAreToldWithoutARequest() throws {
        let wire = ScriptedWire([.success(reply())])
        let noRegion = try wire.client(["AWS_REGION": ""]).send([.call(isIdempotent: true, "GetTable")])
        let none = CredentialsChain([], nowMs: { 0 })
        let noCredentials = try wire.client(credentials: none).send([.call(isIdempotent: true, "GetTable")])
        for (result, kind) in [(noRegion, .configuration), (noCredentials, .credentials)]
            as [([Result<HTTPResponse, ServiceError>], ServiceError.Kind)]
        {
            let error = try #require(result[0].failure)
            #expect(error.kind == kind && error.attempts == 0 && !error.mayHaveActed)
            #expect(error.description.hasPrefix("glue GetTable: "))
        }
        #expect(wire.requests.isEmpty)
    }

    @Test func errorOfCredentialsOnlyEndsTheCallsThatNeedThem() throws {
        let wire = ScriptedWire([.success(reply())])
        var free = ServiceRequest.call()
        free.authorization = .bearer("t")
        let results = try wire.client(credentials: CredentialsChain([], nowMs: { 0 })).send([.call(), free])
        #expect((try? results[0].get()) == nil && (try? results[1].get()) != nil)
    }

    @Test func endpointThatIsNoneIsAnError() throws {
        let wire = ScriptedWire([.success(reply())])
        var call = ServiceRequest.call()
        call.endpoint = "localhost"
        let error = #expect(throws: ServiceError.self) { try wire.client().send(call) }
        #expect(error?.kind == .configuration)
    }

    @Test func expiredCredentialsOfManyCallsAreRenewedOnce() throws {
        final class Provider: CredentialsProvider {
            var fetched = 1
            var discarded: [String] = []
            func credentials() -> Credentials { Credentials(accessKeyID: "AKID\(fetched)", secretAccessKey: "s") }
            func discard(_ credentials: Credentials) {
                discarded.append(credentials.accessKeyID)
                if credentials.accessKeyID == "AKID\(fetched)" { fetched += 1 }
            }
        }
        let provider = Provider()
        let wire = ScriptedWire { request in
            let isOld = request.fields.contains { $0.value.contains("AKID1/") }
            return .success(isOld ? reply(400, #"{"__type":"ExpiredTokenException"}"#) : reply())
        }
        let results = try wire.client(credentials: provider).send([.call(), .call(isIdempotent: false)])
        #expect(results.allSatisfy { (try? $0.get()) != nil })
        #expect(provider.discarded == ["AKID1", "AKID1"] && provider.fetched == 2)
        #expect(wire.rounds == [2, 2])
    }

    @Test func clockOfEachEndpointIsLearnedAndKept() throws {
        let wire = ScriptedWire { request in
            let date = request.fields.first { $0.name == "x-amz-date" }?.value ?? ""
            guard request.url.hasPrefix("https://glue") else { return .success(reply(200, date)) }
            // 2026-09-21T16:13:20Z is the wire's time, to which the service adds an hour.
            let isRight = date == "20260921T151320Z"
            return .success(
                isRight
                    ? reply(200, date)
                    : reply(403, #"{"__type":"InvalidSignatureException"}"#, ["Date": "Mon, 21 Sep 2026 15:13:20 GMT"]))
        }
        let client = try wire.client()
        #expect(try client.send(.call()).status == 200)
        #expect(try client.send(.call()).status == 200)
        #expect(wire.rounds == [1, 1, 1])
        var other = ServiceRequest.call()
        other.service = .athena
        #expect(try String(decoding: client.send(other).body, as: UTF8.self) == "20260921T141320Z")
    }

    @Test func deadlineEndsRetries() throws {
        let wire = ScriptedWire([.success(reply(503, "", ["Retry-After": "2"]))])
        wire.roundTripMs = 1_000
        let start = wire.nowMs
        let results = try wire.client(deadlineMs: start + 5_000).send([.call()])
        let error = try #require(results[0].failure)
        #expect(error.attempts == 2 && wire.nowMs <= start + 5_000)
        #expect(error.retryAfterMs == 2_000)
    }

    @Test func whatTheTransportLosesIsAnUnknownOutcome() throws {
        let client = ServiceClient(
            try AWSConfiguration(environment: ["AWS_REGION": "r-1"]),
            credentials: StaticCredentials(Credentials(accessKeyID: "A", secretAccessKey: "s")),
            deadline: RequestDeadline(), surroundings: ScriptedWire([]).surroundings, send: { _ in { [] } })
        let error = try #require(client.send([.call()])[0].failure)
        #expect(error.mayHaveActed)
    }

    @Test func noErrorShowsASecret() throws {
        let wire = ScriptedWire([.success(reply(403, #"{"message":"hidden and token"}"#))])
        let error = #expect(throws: ServiceError.self) { try wire.client().send(.call()) }
        #expect(error?.description.contains("hidden") == false)
        #expect(error?.description.contains("token") == false)
    }
}
