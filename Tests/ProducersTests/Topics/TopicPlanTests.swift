import Lake
import Testing

@testable import Producers

@Suite struct TopicPlanTests {
    private static let arn = "arn:aws:kafka:eu-west-1:1:cluster/lake/0b5c"

    private func source(_ topic: String, cluster: String? = nil, partitions: Int = 3) -> String {
        let named = cluster.map { #", "cluster": "\#($0)""# } ?? ""
        return #"{"kind": "kafka", "topic": "\#(topic)", "partitions": \#(partitions)\#(named)}"#
    }

    private func plan(
        _ sources: [String], servers: [String] = ["b-1:9092", "b-2:9092"], arn: String? = nil
    ) throws -> [String] {
        TopicPlan(try topicStreams(sources), servers: servers, clusterARN: arn).entries.map { entry in
            "\(entry.topic) \(entry.definition.partitions)\(entry.reasonToSkip.map { ": \($0)" } ?? "")"
        }
    }

    @Test func streamsOfKinesisHaveNoTopic() throws {
        #expect(try plan([#"{"kind": "kinesis", "name": "s"}"#, source("t")]) == ["t 3"])
    }

    @Test func aTopicKnowsTheDatabasesOfAllItsStreams() throws {
        for sources in [
            [source("t"), source("t", cluster: "b-1:9092")], [source("t", cluster: "b-1:9092"), source("t")],
        ] {
            let plan = TopicPlan(try topicStreams(sources), servers: ["b-1:9092"], clusterARN: nil)
            #expect(plan.entries.map(\.databases) == [["db"]])
        }
    }

    @Test func topicsOfOneServersClusterAreMadeThere() throws {
        let sources = [
            source("a", cluster: "b-2:9092"), source("b", cluster: "c-1:9092"),
        ]
        #expect(
            try plan(sources) == [
                "a 3", "b 3: it is of the cluster with the server c-1:9092, which is none of KAFKA_BOOTSTRAP_SERVERS",
            ])
    }

    @Test func anARNIsKnownByTheSettingAlone() throws {
        let sources = [source("a", cluster: Self.arn)]
        #expect(try plan(sources, arn: Self.arn) == ["a 3"])
        #expect(try plan(sources, arn: "arn:other") == ["a 3: it is of another cluster, \(Self.arn)"])
        #expect(
            try plan(sources) == [
                "a 3: it is of the cluster \(Self.arn); if that is this one, say so in KAFKA_CLUSTER_ARN"
            ])
    }

    @Test(arguments: [false, true])
    func aStreamOfThisClusterKnowsItsTopicBest(isReversed: Bool) throws {
        let sources = [
            source("t", partitions: 1),
            source("t", cluster: "c-1:9092", partitions: 2),
            source("t", cluster: "b-1:9092", partitions: 6),
        ]
        #expect(try plan(isReversed ? sources.reversed() : sources) == ["t 6"])
        let others = Array(sources.prefix(2))
        #expect(try plan(isReversed ? others.reversed() : others) == ["t 1"])
    }
}
