internal import Iceberg
internal import LambdaRuntime
internal import Logging

/// Takes the records of one source into its table: decode what is new, commit the bad records, commit the rows.
struct StreamIngest {
    private let definition: StreamDefinition
    private let source: String
    private let lake: Lake

    /// - Parameter source: identity of the source, such as the stream's ARN.
    init(_ definition: StreamDefinition, source: String, lake: Lake) {
        self.definition = definition
        self.source = source
        self.lake = lake
    }

    /// Takes these records, as far as the deadline and the tables let it. A fault of the tables is reported, with the
    /// first record of each shard that must come again; what was committed before it stays.
    /// - Throws: ``IngestError/Code/recreatedStream``.
    func ingest(
        _ shards: [ShardRecords<some SourceRecord>], until deadline: WorkDeadline, _ context: Context
    ) throws -> IngestReport {
        var report = IngestReport()
        report.firstUncommitted = try shards.compactMap { try $0.records.first?.sourceOffset }
        do {
            try take(shards, until: deadline, context, &report)
        } catch let error as IngestError {
            throw error
        } catch {
            report.reason = .fault(error)
        }
        return report
    }

    private func take(
        _ shards: [ShardRecords<some SourceRecord>], until deadline: WorkDeadline, _ context: Context,
        _ report: inout IngestReport
    ) throws {
        let table = try lake.table(definition.table)
        try table.retryingStaleOffsets { attempt in
            let metadata = try table.metadata
            let watermarks = try table.watermarks(of: source)
            var taker = RecordTaker(
                try lake.columnDecodings(definition.table, metadata), policy: definition.onBadRecord)
            let taken = try taker.take(shards, above: watermarks, until: deadline)
            report.recomputed = attempt
            report.firstUncommitted = taken.firstNew
            // Bad records first: if this process dies in between, the retry finds them there and adds the rows.
            report.deadLetters += try DeadLetterQueue(lake: lake, stream: definition, source: source)
                .commit(taken.letters, nowMs: context.clock.milliseconds)
            report.replayed = taken.replayed
            report.dropped = taken.dropped
            report.unknownFields = taker.unknownFields
            if !taken.offsets.isEmpty {
                var append = Append(encodedFor: metadata)
                append.files = try DataFileEncoder(metadata).files(of: taken.batch, named: lake.uniqueName())
                append.take(taken.offsets, against: watermarks)
                let commit = try table.append(append)
                report.snapshotID = commit.snapshotID
                report.rows = taken.batch.count
                report.dataFiles = append.files.count
                report.bytes = append.files.reduce(0) { $0 + $1.bytes.count }
            }
            report.firstUncommitted = taken.remainder
            report.reason = taken.reason
        }
    }
}

extension Table {
    /// How often rows are computed anew because another commit took records of their source.
    private static let staleOffsetsLimit = 10

    /// Runs a commit, and again from the start when another writer has moved the source's watermarks meanwhile: the
    /// table has been reloaded by then, so that its records are filtered out.
    /// - Parameter commit: is given how many times it ran before.
    func retryingStaleOffsets<Result>(_ commit: (_ attempt: Int) throws -> Result) throws -> Result {
        for attempt in 0..<Self.staleOffsetsLimit {
            do {
                return try commit(attempt)
            } catch let error as IcebergError where error.code == .staleOffsets {
                continue
            }
        }
        return try commit(Self.staleOffsetsLimit)
    }
}
