import LambdaRuntime
import Testing

@testable import Producers

@Suite struct TopicsOptionsTests {
    private func options(_ event: String) throws -> TopicsOptions {
        try TopicsOptions(try JSONEvent(EventBuffer(Array(event.utf8))), among: ["a", "b"], in: ["db", "other"])
    }

    @Test func anEmptyObjectAndAScheduleAskForEverything() throws {
        #expect(try options("{}") == TopicsOptions.everything)
        let schedule = #"{"source": "aws.events", "detail-type": "Scheduled Event", "id": "1"}"#
        #expect(try options(schedule) == TopicsOptions.everything)
    }

    @Test func optionsAreRead() throws {
        let options = try options(#"{"topics": ["b"], "dryRun": true, "growPartitions": true}"#)
        #expect(options.topics == ["b"])
        #expect(options.isDryRun && options.growsPartitions && !options.isDestruction)
    }

    @Test func topicsAreMeantByNameOrByTheDatabaseOfTheirTables() throws {
        func meant(_ event: String) throws -> [Bool] {
            let options = try options(event)
            return [("a", ["db"]), ("b", ["other"]), ("b", ["db", "other"])].map { topic, databases in
                options.includes(
                    TopicPlan.Entry(
                        topic: topic, definition: .standard, databases: Set(databases), reasonToSkip: nil))
            }
        }
        #expect(try meant("{}") == [true, true, true])
        #expect(try meant(#"{"databases": ["db"]}"#) == [true, false, true])
        #expect(try meant(#"{"databases": []}"#) == [false, false, false])
        #expect(try meant(#"{"topics": ["b"]}"#) == [false, true, true])
        #expect(try meant(#"{"topics": ["a"], "databases": ["other"]}"#) == [true, true, true])
    }

    @Test func whatTerraformAndSchedulerAddIsTaken() throws {
        let event = """
            {"databases": ["db"], "tf": {"action": "create", "prev_input": null}, "executionId": "e",
             "scheduledTime": "2026-11-22T02:00:00Z"}
            """
        #expect(try options(event).databases == ["db"] && !options(event).isDestruction)
    }

    @Test func terraformsDestructionTouchesNothing() throws {
        #expect(try options(#"{"tf": {"action": "delete", "prev_input": null}}"#).isDestruction)
        #expect(try !options(#"{"tf": {"action": "update"}}"#).isDestruction)
    }

    @Test(arguments: [
        ("[]", "the event: expected an object of the job's options, but it is an array"),
        (
            #"{"dryrun": true}"#,
            "dryrun: this job has no such option; it has: executionId, scheduledTime, topics, databases, dryRun, "
                + "growPartitions, tf"
        ),
        (#"{"dryRun": "yes"}"#, "dryRun: expected true or false, but it is a string"),
        (#"{"topics": "a"}"#, "topics: expected a list of texts, but it is a string"),
        (#"{"databases": ["db", "d"]}"#, "databases[1]: is no database of lake.json, which has: db, other"),
        (#"{"databases": "db"}"#, "databases: expected a list of texts, but it is a string"),
        (
            #"{"scheduledTime": "noon"}"#,
            "scheduledTime: must be a time such as 2026-01-31T23:59:00Z; in Scheduler's input: <aws.scheduler.scheduled-time>"
        ),
        (#"{"topics": ["a", "c"]}"#, "topics[1]: is no topic of a stream of lake.json, which has: a, b"),
    ])
    func whatIsNotKnownIsRefused(event: String, message: String) {
        let error = #expect(throws: EventError.self) { try options(event) }
        #expect(error?.description == message)
    }
}

extension TopicsOptions {
    fileprivate static var everything: TopicsOptions {
        get throws { try TopicsOptions(JSONEvent(EventBuffer(Array("{}".utf8))), among: [], in: []) }
    }
}
