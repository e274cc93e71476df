import Iceberg
import Testing

@testable import Catalogs

@Suite struct RESTTokenTests {
    typealias Reply = ScriptedService.Reply
    private let table = SampleTable.identifier

    private func token(_ name: String, lifetime: Int) -> Reply {
        .response(200, #"{"access_token":"\#(name)","token_type":"bearer","expires_in":\#(lifetime)}"#)
    }

    private func catalog(
        _ service: ScriptedService, _ authorization: RESTCatalogSettings.Authorization,
        _ address: String = "https://host/base"
    ) throws -> RESTCatalog {
        RESTCatalog(
            try service.client(), try RESTCatalogSettings(catalog: address, authorization: authorization),
            nowMs: { service.nowMs })
    }

    private let pair = RESTCatalogSettings.Authorization.clientCredentials(id: "me", secret: "a&b c")

    @Test func tokenIsHadOnceForIDAndSecret() throws {
        let service = ScriptedService([
            token("t1", lifetime: 3600), RESTCatalogTests.configuration, RESTCatalogTests.loaded,
            RESTCatalogTests.loaded,
        ])
        let catalog = try catalog(service, pair)
        _ = try catalog.load(table)
        _ = try catalog.load(table)
        #expect(service.calls[0] == "POST /base/v1/oauth/tokens")
        #expect(
            String(decoding: service.requests[0].body, as: UTF8.self)
                == "grant_type=client_credentials&client_id=me&client_secret=a%26b%20c&scope=catalog")
        #expect(service.field("content-type", of: 0) == "application/x-www-form-urlencoded")
        #expect(service.field("authorization", of: 0) == nil)
        #expect((2...3).allSatisfy { service.field("authorization", of: $0) == "Bearer t1" })
    }

    @Test func rotatedSecretIsReadAgainOnceItIsRefused() throws {
        let service = ScriptedService([
            token("t1", lifetime: 1), RESTCatalogTests.configuration, RESTCatalogTests.loaded,
            .response(401, #"{"error":"invalid_client"}"#), token("t2", lifetime: 3600), RESTCatalogTests.loaded,
        ])
        var readings = 0
        let catalog = RESTCatalog(
            try service.client(), try RESTCatalogSettings(catalog: "https://host", authorization: pair),
            nowMs: { service.nowMs },
            newAuthorization: {
                readings += 1
                return .clientCredentials(id: "me", secret: "new")
            })
        _ = try catalog.load(table)
        service.nowMs += 10_000
        _ = try catalog.load(table)
        #expect(readings == 1)
        #expect(String(decoding: service.requests[4].body, as: UTF8.self).contains("client_secret=new"))
        #expect(service.field("authorization", of: 5) == "Bearer t2")
    }

    /// A server that shows its configuration to everyone is asked for both at once.
    @Test func tokenAndOpenConfigurationTakeOneRoundTrip() throws {
        let service = ScriptedService([
            token("t1", lifetime: 3600), RESTCatalogTests.configuration, RESTCatalogTests.loaded,
        ])
        _ = try catalog(service, pair).load(table)
        #expect(service.waits == [2, 3])
        #expect(service.field("authorization", of: 1) == nil)
        #expect(service.calls[2] == "GET /base/v1\(RESTCatalogTests.path)")
    }

    @Test(
        arguments: [
            Reply.icebergError(401, "NotAuthorizedException"), .response(200, #"{"defaults":{},"overrides":{}}"#),
            .response(200, "<html>"), .lost,
        ])
    func configurationIsAskedForWithTheTokenWhereItIsNotOpen(reply: Reply) throws {
        let service = ScriptedService([
            token("t1", lifetime: 3600), reply, RESTCatalogTests.configuration, RESTCatalogTests.loaded,
        ])
        _ = try catalog(service, pair).load(table)
        #expect(service.calls[1] == service.calls[2])
        #expect(service.field("authorization", of: 2) == "Bearer t1")
        #expect(service.calls[3] == "GET /base/v1\(RESTCatalogTests.path)")
    }

    @Test func secretAloneIsSentWithoutAnID() throws {
        let service = ScriptedService([
            token("t1", lifetime: 3600), RESTCatalogTests.configuration, RESTCatalogTests.loaded,
        ])
        let catalog = try catalog(
            service, .clientCredentials(id: nil, secret: "s"), "https://host?oauth2-server-uri=https://login/token")
        _ = try catalog.load(table)
        #expect(service.requests[0].url == "https://login/token")
        #expect(
            String(decoding: service.requests[0].body, as: UTF8.self)
                == "grant_type=client_credentials&client_secret=s&scope=catalog")
    }

    @Test func tokenIsRenewedBeforeItExpires() throws {
        let service = ScriptedService([
            token("t1", lifetime: 3600), RESTCatalogTests.configuration, RESTCatalogTests.loaded,
            RESTCatalogTests.loaded, token("t2", lifetime: 100), RESTCatalogTests.loaded, RESTCatalogTests.loaded,
            token("t3", lifetime: 100), RESTCatalogTests.loaded,
        ])
        let catalog = try catalog(service, pair)
        _ = try catalog.load(table)
        service.nowMs += 3_539_000
        _ = try catalog.load(table)
        service.nowMs += 2_000
        _ = try catalog.load(table)
        // A token that lives but shortly is not renewed for every request.
        service.nowMs += 80_000
        _ = try catalog.load(table)
        service.nowMs += 11_000
        _ = try catalog.load(table)
        #expect(service.unused == 0)
        #expect(service.field("authorization", of: 3) == "Bearer t1")
        #expect(service.field("authorization", of: 5) == "Bearer t2")
        #expect(service.field("authorization", of: 6) == "Bearer t2")
        #expect(service.field("authorization", of: 8) == "Bearer t3")
    }

    @Test(arguments: [401, 419])
    func tokenThatIsRefusedIsRenewedOnce(status: Int) throws {
        let refusal = Reply.icebergError(status, "NotAuthorizedException")
        let service = ScriptedService([
            token("t1", lifetime: 3600), RESTCatalogTests.configuration, refusal, token("t2", lifetime: 3600),
            RESTCatalogTests.loaded, refusal, token("t3", lifetime: 3600), refusal,
        ])
        let catalog = try catalog(service, pair)
        #expect(try catalog.load(table).location == "s3://lake/m.json")
        #expect(service.field("authorization", of: 4) == "Bearer t2")
        let error = #expect(throws: IcebergError.self) { try catalog.load(table) }
        #expect(error?.code == .unavailable)
        #expect(service.unused == 0)
    }

    @Test func commitIsSentAgainAfterARefusedToken() throws {
        let base = try SampleTable.empty()
        let service = ScriptedService([
            token("t1", lifetime: 3600), RESTCatalogTests.configuration, .icebergError(401, "NotAuthorizedException"),
            token("t2", lifetime: 3600), RESTCatalogTests.loaded,
        ])
        let outcome = try catalog(service, pair).swap(
            table, from: base, to: SampleTable.appended(to: base, snapshotID: 1))
        #expect(outcome.name == "doneAs")
        #expect(service.requests[2].body == service.requests[4].body)
    }

    /// The token's request may have acted, but it is not the commit.
    @Test(arguments: [Reply.lost, .response(502, ""), .response(401, "{}")], [true, false])
    func commitThatGetsNoTokenHasCertainlyNotHappened(reply: Reply, isExpired: Bool) throws {
        let base = try SampleTable.empty()
        let service = ScriptedService([
            token("t1", lifetime: 3600), RESTCatalogTests.configuration,
            isExpired ? RESTCatalogTests.loaded : .icebergError(401, "NotAuthorizedException"), reply,
        ])
        let catalog = try catalog(service, pair)
        if isExpired { _ = try catalog.load(table) }
        if isExpired { service.nowMs += 3_600_000 }
        let outcome = catalog.swap(table, from: base, to: SampleTable.appended(to: base, snapshotID: 1))
        #expect(outcome.name == "failed unavailable")
        #expect(service.calls.last == "POST /base/v1/oauth/tokens" && service.unused == 0)
    }

    @Test(arguments: [401, 403])
    func refusalWithoutAuthorizationSaysWhatToSet(status: Int) throws {
        let service = ScriptedService([.icebergError(status, "ForbiddenException")])
        let catalog = try catalog(service, .none)
        let error = #expect(throws: IcebergError.self) { try catalog.load(table) }
        #expect(error?.description.contains("LAKE_CATALOG_CREDENTIAL") == true)
    }

    @Test func givenTokenIsNotRenewed() throws {
        let service = ScriptedService([RESTCatalogTests.configuration, .icebergError(401, "NotAuthorizedException")])
        let catalog = try catalog(service, .token("given"))
        #expect(throws: IcebergError.self) { try catalog.load(table) }
        #expect(service.field("authorization", of: 0) == "Bearer given")
        #expect(service.calls.count == 2)
    }

    @Test(
        arguments: [
            Reply.response(401, #"{"error":"invalid_client","error_description":"no"}"#),
            .response(401, #"{"error":"invalid_client","error_description":"who is hidden?"}"#), .response(200, "{}"),
            .response(401, #"{"error":"e","error_description":"\#(String(repeating: "x", count: 396))hidden"}"#),
            .response(200, #"{"access_token":""}"#), .lost,
        ])
    func faultOfTheTokenIsTheLoadsWithoutTheSecret(reply: Reply) throws {
        let service = ScriptedService([reply])
        let catalog = try catalog(service, .clientCredentials(id: "me", secret: "hidden"))
        let error = #expect(throws: IcebergError.self) { try catalog.load(table) }
        #expect(error?.description.contains("GetToken") == true)
        #expect(error?.description.contains("hidden") == false)
        #expect(service.calls == ["POST /base/v1/oauth/tokens", "GET /base/v1/config"])
    }
}
