internal import EventSources
internal import Iceberg
internal import Lake

/// An event source mapping of a local twin: some shards of a source, and the function that their records go to.
struct TwinMapping: Equatable {
    /// Where it is told how far the function has come.
    enum Progress: Equatable {
        /// In the offsets that a table stores under this name.
        case table(TableIdentifier, source: String)
        /// In a file of this twin: the function's target stores no offsets.
        case file
    }

    /// The function.
    let job: String
    /// What is read.
    let source: TwinSource
    /// The shards, or the partitions, that this mapping alone reads.
    let shards: [String]
    /// Where it is told how far the function has come.
    let progress: Progress
    /// The poller's number among those that share a topic, from 0 on.
    let poller: Int

    /// The mapping in a file's name.
    var fileName: String { "\(job)-\(source.stream.name)" }

    /// The mappings of a source: one a shard of Kinesis and consumer; and for a topic as many as there are pollers, among
    /// whom its partitions are split.
    /// - Parameters:
    ///   - shards: those that the source has.
    ///   - jobs: the functions that run.
    static func all(
        of source: TwinSource, shards: [String], pollers: Int, jobs: Set<String>, _ definition: LakeDefinition
    ) -> [TwinMapping] {
        let stream = source.stream
        guard stream.isOfKafka else {
            let isIceberg = definition.table(stream.table)?.format == .iceberg
            var consumers: [(String, Progress)] = [
                ("kinesis-ingest", isIceberg ? .table(stream.table, source: source.identity) : .file)
            ]
            if let alerts = stream.alerts {
                consumers.append(("detect-anomalies", .table(alerts.table, source: source.identity)))
            }
            return consumers.filter { jobs.contains($0.0) }.flatMap { job, progress in
                shards.map { TwinMapping(job: job, source: source, shards: [$0], progress: progress, poller: 0) }
            }
        }
        var mappings: [TwinMapping] = []
        if jobs.contains("kafka-ingest") {
            mappings += TopicMapping.pollers(shards, count: pollers).enumerated().map { poller, shards in
                TwinMapping(
                    job: "kafka-ingest", source: source, shards: shards,
                    progress: .table(stream.table, source: source.identity), poller: poller)
            }
        }
        if jobs.contains("kafka-elastic"), stream.index != nil, !shards.isEmpty {
            mappings.append(
                TwinMapping(job: "kafka-elastic", source: source, shards: shards, progress: .file, poller: 0))
        }
        return mappings
    }
}
