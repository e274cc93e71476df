internal import AWS
internal import Iceberg
public import LambdaRuntime
internal import Logging

/// The function kafka-elastic: the highest price of each asset and window of Kafka's quotes into an index of
/// Elasticsearch or OpenSearch, and records that cannot be read or indexed into the dead-letter table.
///
/// It keeps no offsets. A document's version is its price, so that a replay, an older record or another function never
/// lowers what the index has: sending a batch again is harmless, in any order. If records are left, the invocation
/// fails with what is left and why, and Lambda sends the batch again.
public struct KafkaElastic: LambdaHandler {
    /// What the function is called with.
    public typealias Event = KafkaEvent

    private let lake: Lake
    private let elasticsearch: Elasticsearch
    /// Indexes whose template is known to be there, or not to be ours to make.
    private var preparedIndexes: Set<String> = []

    /// A handler that reads the server's address and credentials from the environment. Nothing is asked of the server
    /// before the first event.
    /// - Throws: ``ConfigurationError`` with every faulty variable; `IcebergError` if those of AWS are faulty.
    public init(lake: Lake, _ context: InitContext) throws {
        self.lake = lake
        elasticsearch = Elasticsearch(try ElasticsearchSettings(context.environment), try lake.client())
    }

    /// Takes one batch of records, of whatever topics and partitions.
    /// - Throws: ``JobError`` if any record is not dealt with, after all that can be have been.
    public mutating func handle(_ event: KafkaEvent, _ context: Context) throws -> LambdaResponse {
        let deadline = WorkDeadline(context)
        elasticsearch.begin()
        var failures: [JobError] = []
        for (topic, shards) in KafkaIngest.grouped(event.records) {
            do throws(JobError) {
                let (stream, index) = try stream(of: topic, event)
                guard let source = stream.kafkaIdentity(clusterARN: event.mskARN, event.bootstrapServers) else {
                    throw JobError(.indexing(.unknownSource), event.lackOfCluster(topic, stream))
                }
                let report = TopicIndexing(stream, source: source, index: index, lake: lake, elasticsearch)
                    .index(shards, until: deadline, context) { try prepare(index, context) }
                report.log(topic: topic, index: index, context)
                if let failure = report.failure { throw failure }
            } catch {
                failures.append(error)
            }
        }
        guard failures.isEmpty else { throw JobError(all: failures, mixed: .indexing(.incomplete)) }
        return KafkaBatchReply().response
    }

    /// The stream that a topic's records belong to, and the index that it fills.
    private func stream(
        of topic: String, _ event: KafkaEvent
    ) throws(JobError) -> (StreamDefinition, index: String) {
        let arn = event.mskARN
        let found = lake.definition.stream(
            kafkaTopic: topic, clusterARN: arn, bootstrapServers: event.bootstrapServers)
        guard let found else {
            let known = lake.definition.streams.filter { $0.isOfKafka && $0.index != nil }.map(\.name)
            throw JobError(
                .indexing(.unknownStream),
                "no stream of the definition takes records of the topic \(topic) of "
                    + "\(arn ?? event.bootstrapServers.joined(separator: ",")); those with an index are: "
                    + (known.isEmpty ? "none" : known.joined(separator: ", ")))
        }
        guard let index = found.index, found.decoder == .bars else {
            throw JobError(
                .indexing(.notIndexed),
                "the stream \"\(found.name)\" of the topic \(topic) fills no index: give it an \"index\", and the "
                    + "\"decoder\" bars, or take the topic from this function's event source mappings")
        }
        return (found, index)
    }

    /// Makes the index's template if there is none, once a process. A server that lets this user make none, or that has
    /// another one for the same index, is taken to have been set up by somebody.
    private mutating func prepare(_ index: String, _ context: Context) throws {
        guard !preparedIndexes.contains(index) else { return }
        do {
            try elasticsearch.createTemplateIfAbsent(index)
        } catch let error as ServiceError where error.kind == .accessDenied || error.kind == .invalid {
            context.log.warning(
                "no index template was made: see that the index has the fields' types",
                metadata: ["index": "\(index)", "error": "\(error)"])
        }
        preparedIndexes.insert(index)
    }
}
