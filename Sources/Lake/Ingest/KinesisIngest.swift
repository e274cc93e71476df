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
    /// goes wrong with that is logged, and tried again by the first event that needs the table.
    public init(lake: Lake, _ context: InitContext) {
        self.lake = lake
        for table in Set(lake.definition.streams.map(\.table)) {
            do {
                try lake.preload(table)
            } catch {
                context.log.warning("a table could not be loaded yet", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Takes one batch of records.
    /// - Throws: ``IngestError`` for a stream that the definition does not know or that was recreated.
    public mutating func handle(_ event: KinesisEvent, _ context: Context) throws -> LambdaResponse {
        let deadline = WorkDeadline(context)
        var failures: [SourceRecord] = []
        for (arn, shards) in Self.grouped(event.records) {
            let report = try stream(arn).ingest(shards, until: deadline, context)
            report.log(stream: arn, context)
            failures += report.firstUncommitted
        }
        let first = failures.min { $0.offset.precedesAsDecimal($1.offset) }
        return KinesisBatchReply(firstFailure: first?.offset.string).response
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
    private static func grouped(_ records: [KinesisRecord]) -> [(arn: String, shards: [ShardRecords])] {
        var groups: [(arn: String, shards: [ShardRecords])] = []
        var arnView: ByteView?
        var shardView: ByteView?
        var group = 0
        var shard = 0
        for record in records {
            // A batch comes from one shard, so the last record's place is nearly always this one's too.
            if record.streamARN != arnView {
                arnView = record.streamARN
                shardView = nil
                let arn = record.streamARN.string
                group = groups.firstIndex { $0.arn == arn } ?? groups.count
                if group == groups.count { groups.append((arn, [])) }
            }
            if record.shardID != shardView {
                shardView = record.shardID
                let name = record.shardID.string
                shard = groups[group].shards.firstIndex { $0.shard == name } ?? groups[group].shards.count
                if shard == groups[group].shards.count { groups[group].shards.append(ShardRecords(shard: name)) }
            }
            groups[group].shards[shard].append(
                SourceRecord(
                    offset: record.sequenceNumber, timestampMs: record.approximateArrivalTimestampMs,
                    partitionKey: record.partitionKey, payload: record.data))
        }
        for group in groups.indices {
            for shard in groups[group].shards.indices { groups[group].shards[shard].order() }
        }
        return groups
    }
}
