import Kafka
import Lake
import LambdaRuntime
import Testing

@testable import Producers

@Suite struct TopicsRunTests {
    private static let day: Int64 = 86_400_000
    private let cluster = ClusterOfTopics()

    /// - Parameter topics: names, and the other members of their sources.
    private func plan(_ topics: (name: String, members: String)...) throws -> TopicPlan {
        let sources = topics.map { #"{"kind": "kafka", "topic": "\#($0.name)"\#($0.members)}"# }
        return TopicPlan(try topicStreams(sources), servers: [], clusterARN: nil)
    }

    private func report(_ plan: TopicPlan, _ event: String = "{}") throws -> TopicsReport {
        let event = try JSONEvent(EventBuffer(Array(event.utf8)))
        let options = try TopicsOptions(event, among: plan.entries.map(\.topic), in: [])
        return TopicsRun(cluster: cluster, options: options, patienceMs: { 1000 }).report(plan)
    }

    private let weekly = #", "retention": "7d""#

    @Test func missingTopicsAreMadeAndAnotherRunFindsThem() throws {
        let plan = try plan(("a", weekly), ("b", #", "partitions": 6, "replication": 2"#))
        let first = try report(plan)
        #expect(first.outcomes.map(\.action) == [.created, .created])
        #expect(first.error == nil)
        #expect(cluster.topics["a"]?.retentionMs == 7 * Self.day)
        #expect(cluster.topics["b"]?.partitions == 6)
        #expect(cluster.topics["b"]?.replication == 2)
        #expect(cluster.calls == ["describe a", "describe b", "create a b"])
        let second = try report(plan)
        #expect(second.outcomes.map(\.action) == [.existing, .existing])
        // Only what the definition says is compared.
        #expect(cluster.calls.suffix(3) == ["describe a", "describe b", "retention a"])
    }

    @Test func differencesAreToldAndLeft() throws {
        cluster.topics["fewer"] = .init(partitions: 1, replication: 1, retentionMs: 90_000)
        cluster.topics["more"] = .init(partitions: 12, replication: 1, retentionMs: -1)
        let report = try report(
            try plan(
                ("fewer", #", "replication": 3, "retention": "7d""#), ("more", weekly)))
        #expect(report.outcomes.map(\.action) == [.different, .different])
        #expect(
            report.outcomes[0].differences == [
                "partitions: 1, declared 3; growPartitions adds some", "replication: 1, declared 3",
                "retention: 90s, declared 7d",
            ])
        #expect(
            report.outcomes[1].differences == [
                "partitions: 12, declared 3; none are ever taken away", "retention: for ever, declared 7d",
            ])
        #expect(report.error == nil)
        #expect(!cluster.calls.contains { $0.hasPrefix("create") || $0.hasPrefix("grow") })
    }

    @Test func partitionsGrowOnlyIfAskedTo() throws {
        cluster.topics["a"] = .init(partitions: 1)
        cluster.topics["b"] = .init(partitions: 5)
        let report = try report(try plan(("a", weekly), ("b", weekly)), #"{"growPartitions": true}"#)
        #expect(report.outcomes.map(\.action) == [.grown, .different])
        #expect(report.outcomes[0].notes == ["partitions: 1 before, 3 now"])
        #expect(cluster.calls.last == "grow a 3")
        #expect(cluster.topics["a"]?.partitions == 3)
        #expect(cluster.topics["b"]?.partitions == 5)
    }

    @Test func aDryRunMakesNothing() throws {
        cluster.topics["short"] = .init(partitions: 1)
        let report = try report(
            try plan(("new", weekly), ("short", weekly)), #"{"dryRun": true, "growPartitions": true}"#)
        #expect(report.outcomes.map(\.action) == [.created, .grown])
        #expect(cluster.calls == ["describe new", "describe short", "retention short"])
    }

    @Test func onlyTheTopicsThatAreNamedAreMeant() throws {
        let report = try report(try plan(("a", weekly), ("b", weekly)), #"{"topics": ["b"]}"#)
        #expect(report.outcomes.map(\.topic) == ["b"])
        #expect(cluster.calls == ["describe b", "create b"])
    }

    @Test func whatFailsStopsNoOther() throws {
        let denied = KafkaError(.notAuthorised, "not allowed")
        cluster.topics["hidden"] = .init()
        cluster.topics["short"] = .init(partitions: 1)
        cluster.refusals = ["describe hidden": denied, "create new": denied, "grow short": denied]
        let report = try report(
            try plan(("hidden", weekly), ("new", weekly), ("other", weekly), ("short", weekly)),
            #"{"growPartitions": true}"#)
        #expect(report.outcomes.map(\.action) == [.failed, .failed, .created, .failed])
        #expect(report.outcomes.map(\.notes) == [[], [], [], []])
        #expect(report.error?.code == .topics(.failed))
        #expect(
            report.error?.message
                == "hidden, new, short: not allowed — these did not work, and all else is done: 1 created, 3 failed")
    }

    @Test func anOutageIsWaitedForOnce() throws {
        cluster.outage = KafkaError(.brokersDown, "nobody answers")
        let report = try report(try plan(("a", weekly), ("b", weekly), ("c", weekly)))
        #expect(report.count(.failed) == 3)
        #expect(cluster.calls == ["describe a"])
        #expect(report.error?.errorType == "Topics.Failed")
    }

    @Test func whoMadeATopicMeanwhileIsNoFault() throws {
        cluster.race = ["a"]
        let report = try report(try plan(("a", weekly)))
        #expect(report.outcomes.map(\.action) == [.existing])
        #expect(report.error == nil)
    }

    @Test func aClusterThatDoesNotTellItsRetentionIsNoFault() throws {
        cluster.topics = ["a": .init(), "b": .init()]
        cluster.refusals["retention a"] = KafkaError(.notAuthorised, "not allowed")
        cluster.topics["b"]?.retentionMs = nil
        var report = try report(try plan(("a", weekly), ("b", weekly)))
        #expect(report.outcomes.map(\.action) == [.existing, .existing])
        #expect(
            report.outcomes.map(\.notes) == [
                ["how long records are kept is not known: not allowed"],
                ["the cluster does not say how long records are kept"],
            ])
        cluster.retentionFault = KafkaError(.refused, "what is that")
        report = try self.report(try plan(("a", weekly), ("b", weekly)))
        #expect(report.outcomes.map(\.action) == [.existing, .existing])
    }
}
