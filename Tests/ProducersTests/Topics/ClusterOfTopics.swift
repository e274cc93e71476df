import Kafka
import Lake

@testable import Producers

/// A cluster that has what a test gave it, and notes what it is asked for.
final class ClusterOfTopics: TopicCluster {
    /// A topic.
    struct Topic {
        var partitions: Int32 = 3
        var replication: Int16 = 1
        var retentionMs: Int64? = 604_800_000
    }

    var topics: [String: Topic] = [:]
    /// Why a topic may not be described, made or grown.
    var refusals: [String: KafkaError] = [:]
    /// Why nothing can be asked for.
    var outage: KafkaError?
    /// Why nobody is told how long records are kept.
    var retentionFault: KafkaError?
    /// The topics that somebody else makes just before we do.
    var race: Set<String> = []
    private(set) var calls: [String] = []

    func describe(_ topic: String, withinMs: Int64) throws(KafkaError) -> TopicDescription? {
        calls.append("describe \(topic)")
        if let fault = outage ?? refusals["describe \(topic)"] { throw fault }
        return topics[topic].map { TopicDescription(partitions: $0.partitions, replication: $0.replication) }
    }

    func retention(of names: [String], withinMs: Int64) throws(KafkaError) -> [Result<Int64?, KafkaError>] {
        calls.append("retention \(names.joined(separator: " "))")
        if let retentionFault { throw retentionFault }
        return names.map { name in
            refusals["retention \(name)"].map { .failure($0) } ?? .success(topics[name]?.retentionMs)
        }
    }

    func create(
        _ specifications: [TopicSpecification], withinMs: Int64
    ) throws(KafkaError) -> [Result<KafkaAdmin.Creation, KafkaError>] {
        calls.append("create \(specifications.map(\.name).joined(separator: " "))")
        return specifications.map { wanted in
            if let fault = refusals["create \(wanted.name)"] { return .failure(fault) }
            if race.contains(wanted.name) { return .success(.existed) }
            topics[wanted.name] = Topic(
                partitions: wanted.partitions, replication: wanted.replication ?? 1, retentionMs: wanted.retentionMs)
            return .success(.created)
        }
    }

    func grow(_ wanted: [(name: String, partitions: Int32)], withinMs: Int64) throws(KafkaError) -> [KafkaError?] {
        calls.append("grow \(wanted.map { "\($0.name) \($0.partitions)" }.joined(separator: " "))")
        return wanted.map { name, partitions in
            if let fault = refusals["grow \(name)"] { return fault }
            topics[name]?.partitions = partitions
            return nil
        }
    }
}

/// The streams of a definition, of these sources.
func topicStreams(_ sources: [String]) throws -> [StreamDefinition] {
    let streams = sources.enumerated().map { place, source in
        #"{"name": "s\#(place)", "source": \#(source), "table": "db.t", "onBadRecord": "drop"}"#
    }
    let text = """
        {"databases": [{"name": "db"}], "tables": [{"name": "db.t", "columns": [{"name": "id", "type": "int"}]}],
         "streams": [\(streams.joined(separator: ", "))]}
        """
    return try LakeDefinition(parsing: Array(text.utf8)).streams
}
