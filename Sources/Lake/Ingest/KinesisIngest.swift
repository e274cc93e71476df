internal import Iceberg
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

    private let lake: Lake
    private var streams: [String: StreamIngest] = [:]

    /// A handler that writes to this lake. Tables that exist are loaded now, so that the first event finds them; what
    /// goes wrong with that is logged, and tried again by the first event that needs the table. Logged too is what of
    /// the definition a table does not follow.
    public init(lake: Lake, _ context: InitContext) {
        self.lake = lake
        var tables: [TableIdentifier] = []
        for stream in lake.definition.streams where !tables.contains(stream.table) { tables.append(stream.table) }
        lake.deadline.milliseconds = context.clock.milliseconds + Self.initialisationMs
        for finding in lake.warmUp(tables) {
            switch finding {
            case .fault(let error):
                context.log.warning("the lake is not ready yet", metadata: ["error": "\(error)"])
            case .differences(let table, let differences):
                context.log.warning(
                    "the table differs from its definition, which is not applied to a table that exists",
                    metadata: ["table": "\(table)", "differences": "\(differences.joined(separator: "; "))"])
            }
        }
    }

    /// Lambda gives initialisation 10 s before it starts over within the first invocation.
    private static let initialisationMs: Int64 = 8_000

    /// Takes one batch of records.
    /// - Throws: ``IngestError`` for a stream that the definition does not know or that was recreated.
    public mutating func handle(_ event: KinesisEvent, _ context: Context) throws -> LambdaResponse {
        let deadline = WorkDeadline(context)
        lake.deadline.milliseconds = deadline.requestMs
        var failures: [SourceOffset] = []
        for (arn, shards) in Self.grouped(event.records) {
            let report = try stream(arn).ingest(shards, until: deadline, context)
            report.log(stream: arn, context)
            failures += report.firstUncommitted
        }
        return KinesisBatchReply(firstFailure: failures.min()?.description).response
    }

    private mutating func stream(_ arn: String) throws(IngestError) -> StreamIngest {
        if let known = streams[arn] { return known }
        guard let definition = lake.definition.stream(kinesisARN: arn) else {
            let known = lake.definition.streams.map(\.name).joined(separator: ", ")
            throw IngestError(
                .unknownStream, "no stream of the definition takes records of \(arn); it has: \(known)")
        }
        let stream = StreamIngest(definition, source: arn, lake: lake)
        streams[arn] = stream
        return stream
    }

    /// The records by stream, and by shard within it, in the order of the event.
    private static func grouped(
        _ records: [KinesisRecord]
    ) -> [(arn: String, shards: [ShardRecords<KinesisRecord>])] {
        guard let first = records.first else { return [] }
        // A mapping sends the records of one shard; whoever made the event by hand may have mixed some.
        if records.allSatisfy({ $0.isOfSameShard(as: first) }) {
            return [(first.streamARN.string, [ShardRecords(shard: first.shardID.string, records: records)])]
        }
        var order: [(arn: String, shards: [String])] = []
        var byShard: [[String]: [KinesisRecord]] = [:]
        for record in records {
            let (arn, shard) = (record.streamARN.string, record.shardID.string)
            if byShard[[arn, shard], default: []].isEmpty {
                if let place = order.firstIndex(where: { $0.arn == arn }) {
                    order[place].shards.append(shard)
                } else {
                    order.append((arn, [shard]))
                }
            }
            byShard[[arn, shard], default: []].append(record)
        }
        return order.map { arn, shards in
            (arn, shards.map { ShardRecords(shard: $0, records: byShard[[arn, $0], default: []]) })
        }
    }
}
