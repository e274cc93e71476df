import AWS
import Iceberg
import JSON
import Testing

@testable import Catalogs

@Suite struct GlueCatalogTests {
    typealias Reply = ScriptedService.Reply
    private let table = SampleTable.identifier

    private func table(at location: String, type: String = "ICEBERG") -> Reply {
        .response(
            200,
            #"{"Table":{"Name":"readings","VersionId":"0f3a","TableType":"EXTERNAL_TABLE","Parameters":"#
                + #"{"table_type":"\#(type)","metadata_location":"\#(location)","kept":"yes"}}}"#)
    }

    @Test func loadsInOneRequest() throws {
        let service = ScriptedService([table(at: "s3://lake/m.json", type: "iceberg")])
        let entry = try GlueCatalog(service.client(), catalogID: "123456789012").load(table)
        #expect(entry == CatalogEntry(location: "s3://lake/m.json"))
        #expect(service.calls == ["GetTable"])
        #expect(
            try service.body(0)
                == .object([
                    ("CatalogId", .string("123456789012")), ("DatabaseName", .string("db")),
                    ("Name", .string("readings")),
                ]))
        #expect(service.field("content-type", of: 0) == "application/x-amz-json-1.1")
        #expect(service.field("x-amz-target", of: 0) == "AWSGlue.GetTable")
        #expect(service.field("authorization", of: 0)?.contains("/eu-west-1/glue/aws4_request") == true)
        #expect(service.requests[0].url.hasPrefix("https://glue.eu-west-1.amazonaws.com/"))
    }

    @Test(
        arguments: [
            (Reply.glueError("EntityNotFoundException"), IcebergError.Code.notFound),
            (.glueError("AccessDeniedException"), .unavailable), (.lost, .unavailable), (.refused, .unavailable),
            (.response(200, "{"), .unavailable), (.response(200, #"{"Table":{}}"#), .unavailable),
            (.response(200, #"{"Table":{"Name":"readings"}}"#), .unsupported),
            (.response(200, #"{"Table":{"Name":"readings","TableType":"VIRTUAL_VIEW"}}"#), .unsupported),
            (.response(200, #"{"Table":{"Name":"readings","Parameters":{"table_type":"hudi"}}}"#), .unsupported),
            (.response(200, #"{"Table":{"Name":"readings","Parameters":{"table_type":"ICEBERG"}}}"#), .malformed),
        ])
    func saysWhyATableCannotBeLoaded(reply: Reply, code: IcebergError.Code) throws {
        let catalog = GlueCatalog(try ScriptedService([reply]).client())
        let error = #expect(throws: IcebergError.self) { try catalog.load(table) }
        #expect(error?.code == code)
        #expect(error?.description.contains("db.readings") == true)
    }

    @Test func refusesANameBeforeAnythingIsSent() throws {
        let service = ScriptedService([])
        let catalog = GlueCatalog(try service.client())
        let wrong = TableIdentifier(namespace: "db", name: "Readings")
        let version = try SampleTable.empty()
        #expect(throws: IcebergError.self) { try catalog.load(wrong) }
        #expect(throws: IcebergError.self) { try catalog.create(wrong, version) }
        #expect(throws: IcebergError.self) { try catalog.tables(in: "d-b") }
        catalog.prepareSwap(of: wrong)
        #expect(catalog.swap(wrong, from: version, to: version).name == "failed invalid")
        #expect(service.requests.isEmpty)
    }

    // MARK: - Swap

    private func swap(_ replies: [Reply], attempts: Int = 1, prepares: Bool = false) throws -> (String, [String]) {
        let base = try SampleTable.empty()
        let service = ScriptedService(replies, attempts: attempts)
        let catalog = GlueCatalog(try service.client())
        if prepares { catalog.prepareSwap(of: table) }
        let outcome = catalog.swap(table, from: base, to: SampleTable.appended(to: base, snapshotID: 1))
        return (outcome.name, service.calls)
    }

    @Test func swapNamesTheVersionThatItRead() throws {
        let base = try SampleTable.empty()
        let next = SampleTable.appended(to: base, snapshotID: 1)
        let service = ScriptedService([table(at: base.location), .response(200, "{}")])
        #expect(GlueCatalog(try service.client()).swap(table, from: base, to: next).name == "done")
        #expect(service.calls == ["GetTable", "UpdateTable"])
        let body = try service.body(1)
        #expect(body["VersionId"]?.string == "0f3a")
        #expect(body["SkipArchive"]?.bool == true)
        #expect(body["DatabaseName"]?.string == "db")
        #expect(body["TableInput"]?["Name"]?.string == "readings")
        #expect(body["TableInput"]?["Parameters"]?["kept"]?.string == "yes")
        #expect(body["TableInput"]?["Parameters"]?["metadata_location"]?.string == next.location)
    }

    @Test(
        arguments: [
            (Reply.response(200, "{}"), "done"), (.response(200, ""), "done"),
            (.response(200, "<html>Please log in</html>"), "unknown"),
            (.glueError("ConcurrentModificationException"), "conflict"),
            (.glueError("com.amazonaws.glue#ConcurrentModificationException"), "conflict"),
            (.glueError("EntityNotFoundException"), "failed notFound"),
            (.glueError("AccessDeniedException"), "failed unavailable"),
            (.glueError("ValidationException"), "failed unavailable"),
            (.glueError("ResourceNumberLimitExceededException"), "failed unavailable"),
            (.glueError("ThrottlingException"), "failed unavailable"),
            (.glueError("ExpiredTokenException"), "failed unavailable"), (.refused, "failed unavailable"),
            (.glueError("OperationTimeoutException"), "unknown"),
            (.glueError("InternalServiceException", status: 500), "unknown"),
            (.response(502, "<html>"), "unknown"), (.response(503, ""), "unknown"), (.response(504, ""), "unknown"),
            (.lost, "unknown"),
        ])
    func updatesReplyDecidesTheOutcome(reply: Reply, outcome: String) throws {
        let current = table(at: try SampleTable.empty().location)
        for attempts in [1, 4] {
            // A call that may have acted is not sent again, however many attempts there may be.
            let isRepeated = attempts > 1 && !["done", "conflict", "unknown"].contains(outcome)
            let (name, calls) = try swap(
                [current] + Array(repeating: reply, count: isRepeated ? attempts : 1), attempts: attempts)
            #expect(name == outcome)
            if !isRepeated { #expect(calls == ["GetTable", "UpdateTable"]) }
        }
    }

    @Test func ambiguityInsideOutweighsTheLastWord() {
        func error(_ code: String, mayHaveActed: Bool) -> ServiceError {
            ServiceError(
                .conflict, service: "glue", operation: "UpdateTable", code: code, message: "", status: 400,
                mayHaveActed: mayHaveActed, attempts: 2)
        }
        let mapped = IcebergError(.unavailable, "")
        for code in ["ConcurrentModificationException", "EntityNotFoundException", "AccessDeniedException"] {
            #expect(GlueSwap.outcome(of: error(code, mayHaveActed: true), mapped).name == "unknown")
        }
        #expect(
            GlueSwap.outcome(of: error("ConcurrentModificationException", mayHaveActed: false), mapped).name
                == "conflict")
    }

    @Test func sendsNothingWhereThePointerDecides() throws {
        let base = try SampleTable.empty()
        let proposed = SampleTable.appended(to: base, snapshotID: 1)
        #expect(try swap([table(at: "s3://lake/other.json")]) == ("conflict", ["GetTable"]))
        #expect(try swap([table(at: proposed.location)]) == ("done", ["GetTable"]))
        #expect(try swap([table(at: base.location, type: "hive")]) == ("failed unsupported", ["GetTable"]))
        #expect(try swap([.glueError("EntityNotFoundException")]) == ("failed notFound", ["GetTable"]))
        #expect(try swap([.lost]) == ("failed unavailable", ["GetTable"]))
        let withoutVersion = Reply.response(
            200,
            #"{"Table":{"Name":"readings","Parameters":{"table_type":"ICEBERG","#
                + #""metadata_location":"\#(base.location)"}}}"#)
        #expect(try swap([withoutVersion]) == ("failed unsupported", ["GetTable"]))
    }

    @Test func preparedTableIsNotAskedForAgain() throws {
        let current = table(at: try SampleTable.empty().location)
        #expect(
            try swap([current, .response(200, "{}")], prepares: true) == ("done", ["GetTable", "UpdateTable"]))
        #expect(
            try swap([.lost, current, .response(200, "{}")], prepares: true)
                == ("done", ["GetTable", "GetTable", "UpdateTable"]), "a preparation that failed is made up for")
    }

    @Test func preparationDoesNotWaitAndServesOneSwap() throws {
        let base = try SampleTable.empty()
        let next = SampleTable.appended(to: base, snapshotID: 1)
        let current = table(at: base.location)
        let service = ScriptedService([current, current, .lost, current, .response(200, "{}")])
        let catalog = GlueCatalog(try service.client())
        catalog.prepareSwap(of: table)
        #expect(service.waits == [])
        catalog.prepareSwap(of: table)
        #expect(catalog.swap(table, from: base, to: next).name == "unknown")
        #expect(catalog.swap(table, from: base, to: next).name == "done")
        #expect(service.calls == ["GetTable", "GetTable", "UpdateTable", "GetTable", "UpdateTable"])
    }

    @Test func loadingGivesUpWhatWasPrepared() throws {
        let base = try SampleTable.empty()
        let current = table(at: base.location)
        let service = ScriptedService([table(at: "s3://lake/old.json"), current, current, .response(200, "{}")])
        let catalog = GlueCatalog(try service.client())
        catalog.prepareSwap(of: table)
        _ = try catalog.load(table)
        let next = SampleTable.appended(to: base, snapshotID: 1)
        #expect(catalog.swap(table, from: base, to: next).name == "done")
        #expect(service.calls == ["GetTable", "GetTable", "GetTable", "UpdateTable"])
    }

    // MARK: - Creation

    private func create(_ replies: [Reply]) throws -> (IcebergError.Code?, [String]) {
        let service = ScriptedService(replies)
        let catalog = GlueCatalog(try service.client())
        do {
            try catalog.create(table, try SampleTable.empty())
            return (nil, service.calls)
        } catch let error as IcebergError {
            return (error.code, service.calls)
        }
    }

    @Test func createsATableAndItsDatabaseWhereMissing() throws {
        let done = Reply.response(200, "{}")
        let missing = Reply.glueError("EntityNotFoundException")
        #expect(try create([done]) == (nil, ["CreateTable"]))
        let all = ["CreateTable", "CreateDatabase", "CreateTable"]
        #expect(try create([missing, done, done]) == (nil, all))
        #expect(try create([missing, .glueError("AlreadyExistsException"), done]) == (nil, all))
        for fault in [Reply.glueError("AccessDeniedException"), .lost] {
            #expect(try create([missing, fault]) == (.unavailable, ["CreateTable", "CreateDatabase"]))
        }
        #expect(try create([missing, done, missing]) == (.notFound, all))
    }

    @Test(
        arguments: [
            (Reply.glueError("AlreadyExistsException"), IcebergError.Code.alreadyExists),
            (.glueError("AccessDeniedException"), .unavailable), (.glueError("InvalidInputException"), .unavailable),
            (.refused, .unavailable), (.lost, .unknownOutcome), (.response(500, ""), .unknownOutcome),
            (.response(200, "<html>"), .unknownOutcome),
            (.glueError("OperationTimeoutException"), .unknownOutcome),
        ])
    func creationThatMayHaveHappenedIsNoDefiniteFault(reply: Reply, code: IcebergError.Code) throws {
        #expect(try create([reply]) == (code, ["CreateTable"]))
    }

    // MARK: - Lists

    @Test func listsAllPagesSorted() throws {
        let service = ScriptedService([
            .response(200, #"{"DatabaseList":[{"Name":"z"},{"Name":"b"}],"NextToken":"2"}"#),
            .response(200, #"{"DatabaseList":[{"Name":"a"}]}"#),
        ])
        #expect(try GlueCatalog(service.client()).namespaces() == ["a", "b", "z"])
        #expect(try service.body(0)["NextToken"] == nil)
        #expect(try service.body(1)["NextToken"]?.string == "2")
    }

    @Test func listsIcebergTablesOnly() throws {
        let service = ScriptedService([
            .response(
                200,
                #"{"TableList":[{"Name":"z","Parameters":{"table_type":"ICEBERG"}},{"Name":"hive"}],"#
                    + #""NextToken":"2"}"#),
            .response(
                200,
                #"{"TableList":[{"Name":"view","TableType":"VIRTUAL_VIEW","Parameters":{"presto_view":"true"}},"#
                    + #"{"Name":"a","Parameters":{"table_type":"iceberg"}}],"NextToken":""}"#),
        ])
        #expect(try GlueCatalog(service.client()).tables(in: "db").map(\.name) == ["a", "z"])
        #expect(service.calls == ["GetTables", "GetTables"])
    }

    @Test func pageThatRepeatsIsNotFollowedForEver() throws {
        let page = Reply.response(200, #"{"DatabaseList":[],"NextToken":"2"}"#)
        let service = ScriptedService([page, page, page])
        let catalog = GlueCatalog(try service.client())
        #expect(throws: IcebergError.self) { try catalog.namespaces() }
        #expect(service.calls.count == 2)
    }
}
