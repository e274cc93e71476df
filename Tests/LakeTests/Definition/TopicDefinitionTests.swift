import Testing

@testable import Lake

@Suite struct TopicDefinitionTests {
    private func sample(_ members: String) -> SampleDefinition {
        SampleDefinition(
            stream: #"{"name": "s", "source": {"kind": "kafka", "topic": "t"\#(members)}, "table": "db.t", "#
                + #""onBadRecord": "drop"}"#)
    }

    @Test func aTopicThatSaysNothingHasThreePartitionsAndTheClustersDefaults() throws {
        let topic = try #require(try sample("").parsed().streams.first?.topic)
        #expect(topic == TopicDefinition(partitions: 3, replication: nil, retentionMs: nil))
    }

    @Test func aTopicSaysHowItIsMade() throws {
        let topic = try #require(
            try sample(#", "partitions": 12, "replication": 3, "retention": "36h""#).parsed().streams.first?.topic)
        #expect(topic == TopicDefinition(partitions: 12, replication: 3, retentionMs: 129_600_000))
    }

    @Test(arguments: [
        ("partitions", "0", "expected a whole number from 1 to 4000"),
        ("partitions", "4001", "expected a whole number from 1 to 4000"),
        ("partitions", "\"3\"", "expected a whole number from 1 to 4000"),
        ("partitions", "null", "expected a whole number from 1 to 4000"),
        ("replication", "-1", "expected a whole number from 1 to 100"),
        ("replication", "101", "expected a whole number from 1 to 100"),
        ("retention", "604800000", "expected a string, not a number"),
        (
            "retention", "\"7w\"",
            "\"7w\" is not a length of time; write a whole number and d, h, m or s, such as \"2m\""
        ),
        ("retention", "\"3651d\"", "\"3651d\" is too long: at most 3650d"),
    ])
    func otherValuesAreRefused(member: String, value: String, problem: String) {
        #expect(
            sample(#", "\#(member)": \#(value)"#).problems() == ["$.streams[0].source.\(member): \(problem)"])
    }

    @Test func aMemberThatOccursTwiceIsToldOnce() {
        #expect(
            sample(#", "partitions": 1, "partitions": 2"#).problems() == [
                "$.streams[0].source.partitions: occurs twice"
            ])
    }

    @Test func streamsOfKinesisHaveNoTopic() {
        let stream = #"{"name": "s", "source": {"kind": "kinesis", "name": "s", "partitions": 3}, "table": "db.t"}"#
        let problems = SampleDefinition(stream: stream).problems()
        #expect(problems.contains { $0.hasPrefix("$.streams[0].source.partitions: is not a member of this object") })
    }
}
