import Iceberg
import JSON
import Testing

@testable import Lake

@Suite struct BootstrapOptionsTests {
    private func options(_ event: String) throws -> BootstrapOptions {
        let views = #""views": [{"name": "db.v", "sql": "SELECT id FROM db.t"}]"#
        let definition = try SampleDefinition(root: views).parsed()
        return try BootstrapOptions(JSONValue(parsing: Array(event.utf8)), definition)
    }

    private func complaint(_ event: String) -> String {
        do {
            _ = try options(event)
            return "none"
        } catch {
            return "\(error)"
        }
    }

    @Test func anEmptyEventAsksForEverything() throws {
        let options = try options("{}")
        #expect(!options.isDryRun && !options.allowsDrop && !options.isDestruction)
        #expect(options.includes(TableIdentifier(namespace: "db", name: "t")))
        #expect(options.includes(database: "lake_db"))
    }

    @Test func eventsOfEventBridgeAskForTheDefaults() throws {
        let event = #"""
            {"version":"0","id":"i","detail-type":"Scheduled Event","source":"aws.events","account":"1",
             "time":"2026-11-21T00:00:00Z","region":"eu-west-1","resources":[],"detail":{"dryRun":true}}
            """#
        #expect(try options(event) == options("{}"))
    }

    @Test func membersSayWhatIsMeant() throws {
        let options = try options(#"{"dryRun": true, "allowDrop": true, "databases": ["lake_db"], "tables": ["db.v"]}"#)
        #expect(options.isDryRun && options.allowsDrop)
        #expect(options.includes(TableIdentifier(namespace: "db", name: "v")))
        #expect(!options.includes(TableIdentifier(namespace: "db", name: "t")))
        #expect(options.includes(TableIdentifier(namespace: "lake_db", name: "any")))
        #expect(options.includes(database: "db") && options.includes(database: "lake_db"))
    }

    @Test func terraformSaysWhyItInvokes() throws {
        #expect(try options(#"{"tf": {"action": "create", "prev_input": null}}"#) == options("{}"))
        #expect(try options(#"{"tf": {"action": "delete", "prev_input": {}}}"#).isDestruction)
    }

    @Test func whatASchedulesInputAddsIsTaken() throws {
        let event = #"{"executionId": "e", "scheduledTime": "2026-11-22T02:00:00Z", "databases": ["db"]}"#
        #expect(try options(event) == options(#"{"databases": ["db"]}"#))
        #expect(try options(#"{"executionId": null, "scheduledTime": null}"#) == options("{}"))
    }

    @Test(
        arguments: [
            (#"{"scheduledTime": "noon"}"#, "scheduledTime: must be a time"),
            (#"{"executionId": 7}"#, "executionId: expected a text"),
            ("[]", "the event is an array"), ("null", "the event is null"), (#"{"dryrun": true}"#, "did you mean"),
            (#"{"dryRun": "yes"}"#, "dryRun is a string"), (#"{"tables": "db.t"}"#, "not a list"),
            (#"{"tables": ["db.x"]}"#, "no \"db.x\""), (#"{"databases": [1]}"#, "holds a number"),
            (#"{"databases": ["'; drop table"]}"#, "no \"'; drop table\""),
        ])
    func refusesWhatItDoesNotKnow(event: String, words: String) {
        #expect(complaint(event).contains(words), "\(complaint(event))")
    }
}
