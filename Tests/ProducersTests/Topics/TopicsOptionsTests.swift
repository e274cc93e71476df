import LambdaRuntime
import Testing

@testable import Producers

@Suite struct TopicsOptionsTests {
    private func options(_ event: String) throws -> TopicsOptions {
        try TopicsOptions(try JSONEvent(EventBuffer(Array(event.utf8))), among: ["a", "b"])
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

    @Test func terraformsDestructionTouchesNothing() throws {
        #expect(try options(#"{"tf": {"action": "delete", "prev_input": null}}"#).isDestruction)
        #expect(try !options(#"{"tf": {"action": "update"}}"#).isDestruction)
    }

    @Test(arguments: [
        ("[]", "the event: expected an object of the job's options, but it is an array"),
        (
            #"{"dryrun": true}"#,
            "dryrun: this job has no such option; it has: executionId, topics, dryRun, growPartitions, tf"
        ),
        (#"{"dryRun": "yes"}"#, "dryRun: expected true or false, but it is a string"),
        (#"{"topics": "a"}"#, "topics: expected a list of texts, but it is a string"),
        (#"{"topics": ["a", "c"]}"#, "topics[1]: is no topic of a stream of lake.json, which has: a, b"),
    ])
    func whatIsNotKnownIsRefused(event: String, message: String) {
        let error = #expect(throws: EventError.self) { try options(event) }
        #expect(error?.description == message)
    }
}

extension TopicsOptions {
    fileprivate static var everything: TopicsOptions {
        get throws { try TopicsOptions(JSONEvent(EventBuffer(Array("{}".utf8))), among: []) }
    }
}
