import Iceberg
import JSON
import LambdaRuntime
import Testing

@testable import Lake

/// The function on a lake with a SQLite catalog, where its engine is the native one.
@Suite struct OptimizeTablesTests {
    private func lakeWithRows() throws -> TemporaryLake {
        let lake = try TemporaryLake()
        for first in [1, 11, 21] {
            _ = try lake.ingest(TemporaryLake.event(KinesisIngestTests.payloads(first..<first + 10), first: first))
        }
        return lake
    }

    private func run(_ lake: TemporaryLake, _ event: String, timeMs: Int64 = 60_000) throws -> JSONValue {
        var handler = try OptimizeTables(lake: lake.lake, TemporaryLake.initContext)
        let context = TemporaryLake.context(nowMs: TemporaryLake.nowMs, timeMs: timeMs)
        return try JSONValue(parsing: handler.handle(JSONEvent(EventBuffer(Array(event.utf8))), context).bytes)
    }

    @Test func expiresNothingThatIsYoungAndTellsTheTablesSize() throws {
        let lake = try lakeWithRows()
        let reply = try run(lake, #"{"executionId":"w"}"#)
        #expect(reply["engine"]?.string == "native" && reply["executionId"]?.string == "w")
        let table = try #require(reply["tables"]?.elements?.first)
        #expect(table["table"]?.string == "sensors_db.readings" && table["failure"] == nil)
        #expect(table["expiredSnapshots"]?.integer == 0 && table["snapshotsAfter"]?.integer == 3)
        #expect(table["filesBefore"]?.integer == 3 && table["optimizeRuns"] == nil)
        #expect(reply["passedOver"]?.elements?.first?["name"]?.string == "lake_db")
        #expect(try lake.rows() == 30)
    }

    @Test func namesTheTablesThatThereIsNoTimeFor() throws {
        let reply = try run(try lakeWithRows(), "{}", timeMs: 0)
        #expect(reply["tables"]?.elements?.isEmpty == true && reply["handedOn"]?.bool == false)
        #expect(reply["remaining"]?.elements == [.string("sensors_db.readings")])
        #expect(reply["note"]?.string?.contains("run it again") == true)
    }

    @Test func tableThatIsMissingOrBrokenIsAFailureOfItsOwn() throws {
        let lake = try lakeWithRows()
        let reply = try run(lake, #"{"tables":["sensors_db.readings","sensors_db.none"]}"#)
        let failures = (reply["tables"]?.elements ?? []).compactMap { $0["failure"]?.string }
        #expect(failures == ["there is no such table"] && reply["failed"]?.integer == 1)
        let location = try lake.lake.catalog.load(TableIdentifier(namespace: "sensors_db", name: "readings")).location
        _ = lake.lake.store.delete([location])
        let broken = try run(lake, "{}")
        #expect(broken["failed"]?.integer == 1)
        #expect(broken["tables"]?.elements?.first?["failure"]?.string?.contains("notFound") == true)
    }

    @Test func refusesAthenaWithoutGlueAndDatabasesThatThereAreNot() throws {
        let lake = try lakeWithRows()
        for (event, type) in [
            (#"{"engine":"athena"}"#, "Upkeep.Engine"), (#"{"databases":["nobodys"]}"#, "Upkeep.UnknownDatabase"),
        ] {
            let error = #expect(throws: JobError.self) { try run(lake, event) }
            #expect(error?.errorType == type)
        }
    }

    @Test(arguments: [[:], ["AWS_LAMBDA_FUNCTION_NAME": "f", "LAKE_LOCAL": "1"]])
    func handsOnNothingElsewhereThanOnLambda(_ environment: [String: String]) throws {
        let lake = try TemporaryLake()
        let options = try UpkeepOptions(JSONEvent(EventBuffer(Array("{}".utf8))), requestID: "r")
        let context = TemporaryLake.context(nowMs: TemporaryLake.nowMs)
        #expect(try !UpkeepHandover(environment).send([], of: options, .native, lake.lake, context))
    }

    @Test func givesUpARunThatHasTakenItsInvocations() throws {
        let lake = try TemporaryLake()
        var options = try UpkeepOptions(JSONEvent(EventBuffer(Array("{}".utf8))), requestID: "r")
        options.continuation = .init(hop: UpkeepHandover.maximumHops, tables: [])
        let left = (0..<60).map {
            UpkeepOptions.Continuation.Left(table: TableIdentifier(namespace: "d", name: "t\($0)"), progress: .init())
        }
        let error = #expect(throws: JobError.self) {
            try UpkeepHandover(["AWS_LAMBDA_FUNCTION_NAME": "f"]).send(
                left, of: options, .athena, lake.lake, TemporaryLake.context(nowMs: TemporaryLake.nowMs))
        }
        #expect(error?.code == .upkeep(.notFinished))
        #expect(error?.message.contains("d.t0, d.t1") == true && error?.message.contains("and 10 more") == true)
    }
}
