public import LambdaRuntime

/// The function kinesis-ingest: rows of Kinesis records into the tables that the lake's definition names, each exactly
/// once, and records that cannot be decoded into the dead-letter table.
///
/// It replies with the first record that is not committed, so that Lambda sends it and what follows again; that record
/// and all before it stay untouched. An event that is none, or of a stream that the definition does not know, is a
/// function error.
public struct KinesisIngest: LambdaHandler {
    /// What the function is called with.
    public typealias Event = KinesisEvent

    private var streams: IngestStreams
    private var definitions: [String: StreamDefinition] = [:]

    /// A handler that writes to this lake. Tables that exist are loaded now, so that the first event finds them; what
    /// goes wrong with that is logged, and tried again by the first event that needs the table. Logged too is what of
    /// the definition a table does not follow.
    public init(lake: Lake, _ context: InitContext) {
        streams = IngestStreams(lake, context) { !$0.isOfKafka }
    }

    /// Takes one batch of records.
    /// - Throws: ``JobError`` for a stream that the definition does not know or that was recreated.
    public mutating func handle(_ event: KinesisEvent, _ context: Context) throws -> LambdaResponse {
        let deadline = streams.begin(context)
        var failures: [ShardPosition] = []
        for (arn, shards) in event.recordsByStream {
            let report = try streams.ingest(
                shards, of: try definition(of: arn), source: arn, name: arn, until: deadline, context)
            failures += report.firstUncommitted
        }
        return KinesisBatchReply(firstFailure: failures.map(\.offset).min()?.description).response
    }

    private mutating func definition(of arn: String) throws(JobError) -> StreamDefinition {
        if let known = definitions[arn] { return known }
        guard let definition = streams.lake.definition.stream(kinesisARN: arn) else {
            let known = streams.lake.definition.streams.filter { !$0.isOfKafka }.map(\.name).joined(separator: ", ")
            throw JobError(
                .ingest(.unknownStream), "no stream of the definition takes records of \(arn); it has: \(known)")
        }
        definitions[arn] = definition
        return definition
    }
}
