import AWS
import Iceberg
import JSON
import Testing

@testable import Catalogs

@Suite struct RESTCatalogTests {
    typealias Reply = ScriptedService.Reply
    private let table = SampleTable.identifier
    static let configuration = Reply.response(200, #"{"defaults":{},"overrides":{"prefix":"lake"}}"#)
    static let loaded = Reply.response(200, #"{"metadata-location":"s3://lake/m.json","metadata":{"a": 1}}"#)
    static let path = "/lake/namespaces/db/tables/readings"

    private func catalog(_ service: ScriptedService, _ address: String = "https://host/base?warehouse=w") throws
        -> RESTCatalog
    {
        RESTCatalog(try service.client(), try RESTCatalogSettings(catalog: address), nowMs: { service.nowMs })
    }

    @Test func loadsInOneRequestOnceTheConfigurationIsKnown() throws {
        let service = ScriptedService([Self.configuration, Self.loaded, Self.loaded])
        let catalog = try catalog(service)
        #expect(catalog.writesMetadata)
        let entry = CatalogEntry(location: "s3://lake/m.json", metadata: Array(#"{"a": 1}"#.utf8))
        #expect(try catalog.load(table) == entry)
        #expect(try catalog.load(table) == entry)
        #expect(
            service.calls == [
                "GET /base/v1/config?warehouse=w", "GET /base/v1\(Self.path)", "GET /base/v1\(Self.path)",
            ])
        #expect(service.field("authorization", of: 1) == nil)
        #expect(service.field("x-iceberg-access-delegation", of: 1) == nil)
    }

    @Test func aPrefixThatIsSaidSavesTheConfiguration() throws {
        let service = ScriptedService([Self.loaded])
        #expect(try catalog(service, "https://host?prefix=a%2Fb").load(table).location == "s3://lake/m.json")
        #expect(service.calls == ["GET /v1/a/b/namespaces/db/tables/readings"])
    }

    @Test func configurationThatCouldNotBeHadIsAskedForAgain() throws {
        let service = ScriptedService([.response(500, ""), Self.configuration, Self.loaded])
        let catalog = try catalog(service)
        #expect(throws: IcebergError.self) { try catalog.load(table) }
        #expect(try catalog.load(table).location == "s3://lake/m.json")
    }

    @Test func addressWithoutACatalogSaysNothingOfTables() throws {
        let error = #expect(throws: IcebergError.self) {
            try catalog(ScriptedService([.response(404, "404 page not found")])).load(table)
        }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("check LAKE_CATALOG") == true)
    }

    @Test func wrongSignatureIsNoLackOfPermission() throws {
        let refusal = Reply.icebergError(403, "ForbiddenException", "The request signature does not match")
        let service = ScriptedService([Self.configuration, refusal, .icebergError(403, "ForbiddenException")])
        let catalog = try catalog(service, "https://host?sigv4=s3tables")
        let error = #expect(throws: IcebergError.self) { try catalog.load(table) }
        #expect(error?.message.contains("check AWS_SECRET_ACCESS_KEY") == true)
        #expect(error?.message.contains("policy") == false)
        let other = #expect(throws: IcebergError.self) { try catalog.load(table) }
        #expect(other?.message.contains("policy") == true)
    }

    @Test(
        arguments: [
            (Reply.icebergError(404, "NoSuchTableException"), IcebergError.Code.notFound),
            (.icebergError(404, "NoSuchNamespaceException"), .notFound),
            (.icebergError(403, "ForbiddenException"), .unavailable), (.icebergError(401, "x"), .unavailable),
            (.icebergError(400, "BadRequestException"), .unavailable), (.lost, .unavailable),
            (.response(200, "{}"), .unavailable), (.response(200, "<html>"), .unavailable),
        ])
    func saysWhyATableCannotBeLoaded(reply: Reply, code: IcebergError.Code) throws {
        let catalog = try catalog(ScriptedService([Self.configuration, reply]))
        let error = #expect(throws: IcebergError.self) { try catalog.load(table) }
        #expect(error?.code == code)
        #expect(error?.description.contains("db.readings") == true)
        #expect(error?.description.contains("iceberg LoadTable") == true)
    }

    // MARK: - Swap

    private func swap(_ reply: Reply, attempts: Int = 1) throws -> (SwapOutcome, ScriptedService) {
        let base = try SampleTable.empty()
        let service = ScriptedService(
            [Self.configuration] + Array(repeating: reply, count: attempts), attempts: attempts)
        let outcome = try catalog(service).swap(
            table, from: base, to: SampleTable.appended(to: base, snapshotID: 1))
        return (outcome, service)
    }

    @Test func commitSendsTheChangesAndTakesTheServersVersion() throws {
        let (outcome, service) = try swap(Self.loaded)
        guard case .doneAs(let entry) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(entry == CatalogEntry(location: "s3://lake/m.json", metadata: Array(#"{"a": 1}"#.utf8)))
        #expect(service.calls.last == "POST /base/v1\(Self.path)")
        #expect(service.field("content-type", of: 1) == "application/json")
        let body = try service.body(1)
        #expect(body["identifier"]?["name"]?.string == "readings")
        #expect(
            body["requirements"]?.elements?.map { $0["type"]?.string } == [
                "assert-table-uuid", "assert-ref-snapshot-id", "assert-current-schema-id",
            ])
        #expect(body["updates"]?.elements?.map { $0["action"]?.string } == ["add-snapshot", "set-snapshot-ref"])
    }

    @Test(
        arguments: [
            (Reply.response(200, "{}"), "unknown"), (.response(200, ""), "unknown"), (.response(204, ""), "unknown"),
            (.icebergError(409, "CommitFailedException"), "conflict"), (.response(409, ""), "conflict"),
            (.icebergError(400, "CommitFailedException"), "conflict"),
            (.icebergError(400, "ValidationException", "Cannot add snapshot with sequence number 1"), "conflict"),
            (.icebergError(400, "BadRequestException", "can't add snapshot with sequence number 1"), "conflict"),
            (.icebergError(400, "BadRequestException", "Malformed request: Commit validation failed."), "conflict"),
            (.icebergError(400, "BadRequestException"), "failed unavailable"),
            (.icebergError(401, "NotAuthorizedException"), "failed unavailable"),
            (.icebergError(403, "ForbiddenException"), "failed unavailable"),
            (.icebergError(404, "NoSuchTableException"), "failed notFound"),
            (.icebergError(500, "RuntimeException"), "unknown"),
            (.icebergError(500, "CommitStateUnknownException"), "unknown"),
            (.icebergError(400, "CommitStateUnknownException"), "unknown"), (.response(502, ""), "unknown"),
            (.response(504, ""), "unknown"), (.lost, "unknown"), (.refused, "failed unavailable"),
        ])
    func replyDecidesTheOutcome(reply: Reply, outcome: String) throws {
        let (found, service) = try swap(reply)
        #expect(found.name == outcome)
        #expect(service.calls.count == 2)
        // A commit that may have acted is not sent again, however many attempts there may be.
        let (again, patient) = try swap(reply, attempts: 3)
        #expect(again.name == outcome)
        if outcome == "unknown" { #expect(patient.calls.count == 2) }
    }

    @Test func serviceThatIsNotReadyLeavesNothingDone() {
        func error(_ status: Int?, mayHaveActed: Bool) -> ServiceError {
            ServiceError(
                .unavailable, service: "iceberg", operation: "CommitTable", code: "x", message: "", status: status,
                mayHaveActed: mayHaveActed)
        }
        let mapped = IcebergError(.unavailable, "")
        #expect(RESTSwap.outcome(of: error(503, mayHaveActed: false), mapped).name == "failed unavailable")
        #expect(RESTSwap.outcome(of: error(503, mayHaveActed: true), mapped).name == "unknown")
        #expect(RESTSwap.outcome(of: error(409, mayHaveActed: true), mapped).name == "unknown")
        #expect(RESTSwap.outcome(of: error(nil, mayHaveActed: false), mapped).name == "failed unavailable")
    }

    @Test func sendsNothingThatTheSpecificationHasNoUpdateFor() throws {
        let base = try SampleTable.empty()
        var metadata = base.metadata
        metadata.tableUUID = "another"
        let service = ScriptedService([Self.configuration])
        let outcome = try catalog(service).swap(
            table, from: base, to: TableVersion(location: "x", metadata: metadata))
        #expect(outcome.name == "failed unsupported")
        #expect(service.calls.isEmpty)
    }

    // MARK: - Creation

    private func create(_ replies: [Reply], _ address: String = "https://host") throws -> (
        IcebergError.Code?, ScriptedService
    ) {
        let service = ScriptedService([Self.configuration] + replies)
        do {
            try catalog(service, address).create(table, try SampleTable.empty())
            return (nil, service)
        } catch let error as IcebergError {
            return (error.code, service)
        }
    }

    @Test func createsATableAndItsNamespaceWhereMissing() throws {
        let missing = Reply.icebergError(404, "NoSuchNamespaceException")
        let (none, plain) = try create([Self.loaded])
        #expect(none == nil)
        #expect(plain.calls == ["GET /v1/config", "POST /v1/lake/namespaces/db/tables"])
        #expect(try plain.body(1)["location"]?.string == SampleTable.location)

        for made in [Reply.response(200, "{}"), .icebergError(409, "AlreadyExistsException")] {
            let (code, service) = try create([missing, made, Self.loaded])
            #expect(code == nil)
            #expect(
                service.calls.dropFirst() == [
                    "POST /v1/lake/namespaces/db/tables", "POST /v1/lake/namespaces",
                    "POST /v1/lake/namespaces/db/tables",
                ])
            #expect(
                try service.body(2)
                    == .object([("namespace", .array([.string("db")])), ("properties", .object([]))]))
        }
        #expect(try create([missing, .lost]).0 == .unavailable)
        #expect(try create([missing, .icebergError(403, "ForbiddenException")]).0 == .unavailable)
    }

    @Test func serverThatPlacesTablesIsNotToldWhere() throws {
        let (code, service) = try create([Self.loaded], "https://host?sigv4=s3tables")
        #expect(code == nil)
        #expect(try service.body(1)["location"] == nil)
        #expect(service.field("authorization", of: 1)?.contains("/eu-west-1/s3tables/aws4_request") == true)
    }

    @Test func nameOfAWarehouseIsNoLocation() throws {
        var metadata = try SampleTable.empty().metadata
        metadata.location = "prod/db/readings"
        let service = ScriptedService([Self.configuration, Self.loaded])
        try catalog(service).create(table, TableVersion(location: "x", metadata: metadata))
        #expect(try service.body(1)["location"] == nil)
    }

    @Test(
        arguments: [
            (Reply.icebergError(409, "AlreadyExistsException"), IcebergError.Code.alreadyExists),
            (.icebergError(403, "ForbiddenException"), .unavailable), (.refused, .unavailable),
            (.lost, .unknownOutcome), (.response(500, ""), .unknownOutcome),
            (.response(200, "<html>"), .unknownOutcome), (.response(200, "{}"), .unknownOutcome),
        ])
    func creationThatMayHaveHappenedIsNoDefiniteFault(reply: Reply, code: IcebergError.Code) throws {
        #expect(try create([reply]).0 == code)
    }

    // MARK: - Lists

    @Test func listsAllPagesSorted() throws {
        let service = ScriptedService([
            Self.configuration, .response(200, #"{"namespaces":[["z"],["a","b"]],"next-page-token":"n/1"}"#),
            .response(200, #"{"namespaces":[["c"]],"next-page-token":null}"#),
            .response(200, #"{"identifiers":[{"namespace":["db"],"name":"y"},{"namespace":["db"],"name":"x"}]}"#),
        ])
        let catalog = try catalog(service, "https://host")
        #expect(try catalog.namespaces() == ["a.b", "c", "z"])
        #expect(try catalog.tables(in: "db").map(\.description) == ["db.x", "db.y"])
        #expect(
            service.calls.dropFirst() == [
                "GET /v1/lake/namespaces", "GET /v1/lake/namespaces?pageToken=n%2F1",
                "GET /v1/lake/namespaces/db/tables",
            ])
    }

    @Test func pageThatRepeatsIsNotFollowedForEver() throws {
        let page = Reply.response(200, #"{"namespaces":[],"next-page-token":"2"}"#)
        let service = ScriptedService([Self.configuration, page, page, page])
        #expect(throws: IcebergError.self) { try catalog(service).namespaces() }
        #expect(service.calls.count == 3)
    }
}
