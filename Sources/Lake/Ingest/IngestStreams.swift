internal import Iceberg
internal import LambdaRuntime

/// The streams of one kind that a function takes records of: what kinesis-ingest and kafka-ingest share.
struct IngestStreams {
    /// The lake that the records go to.
    let lake: Lake
    private var open: [Key: any SourceIngest] = [:]

    /// One source of one stream.
    private struct Key: Hashable {
        let stream: String
        let source: String
    }

    /// Loads the tables that these streams fill, as far as they exist, so that the first event finds them, as
    /// ``Lake/prepare(_:_:)`` has it.
    init(_ lake: Lake, _ context: InitContext, of isOfKind: (StreamDefinition) -> Bool) {
        self.lake = lake
        var tables: [TableIdentifier] = []
        for stream in lake.definition.streams where isOfKind(stream) && !tables.contains(stream.table) {
            if lake.definition.table(stream.table)?.format == .iceberg { tables.append(stream.table) }
        }
        lake.prepare(tables, context)
    }

    /// When this invocation must stop taking records; requests end by then, too.
    func begin(_ context: Context) -> WorkDeadline {
        let deadline = WorkDeadline(context)
        lake.deadline.milliseconds = deadline.requestMs
        return deadline
    }

    /// Takes records of one source into the stream's table, and logs what came of it.
    /// - Parameters:
    ///   - source: identity of the source, such as the stream's ARN.
    ///   - name: what logs call the source; metrics, what stands behind its last slash.
    /// - Throws: as ``SourceIngest/ingest(_:until:_:)``.
    mutating func ingest(
        _ shards: [ShardRecords<some SourceRecord>], of stream: StreamDefinition, source: String, name: String,
        until deadline: WorkDeadline, _ context: Context
    ) throws -> IngestReport {
        let key = Key(stream: stream.name, source: source)
        let ingest = try open[key] ?? lake.ingest(of: stream, source: source)
        open[key] = ingest
        let report = try ingest.ingest(shards, until: deadline, context)
        report.log(stream: name, table: stream.table, context)
        return report
    }
}
