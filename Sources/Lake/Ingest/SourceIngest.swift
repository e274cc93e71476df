internal import Iceberg
internal import LambdaRuntime

/// Takes the records of one source into one table, however that table's files are kept.
protocol SourceIngest {
    /// The lake that the table is of.
    var lake: Lake { get }

    /// Takes these records, as far as the deadline lets it, and reports what came of it as it goes.
    /// - Parameter report: leaves all records to come again, to begin with.
    /// - Throws: ``JobError`` for records that nothing may be taken of, however often they come; faults of the tables.
    func take<Record: SourceRecord>(
        _ shards: [ShardRecords<Record>], until deadline: WorkDeadline, _ context: Context,
        _ report: inout IngestReport
    ) throws

    /// Drops what it keeps of the table, which has shown a fault.
    func forget()
}

extension SourceIngest {
    /// Takes these records, as far as the deadline and the tables let it. A fault of the tables is reported, with the
    /// first record of each shard that must come again; what was committed before it stays.
    /// - Throws: ``JobError`` for records that nothing may be taken of, however often they come.
    func ingest(
        _ shards: [ShardRecords<some SourceRecord>], until deadline: WorkDeadline, _ context: Context
    ) throws -> IngestReport {
        var report = IngestReport()
        report.firstUncommitted = try shards.compactMap { shard in
            try shard.records.first.map { ShardPosition(shard: shard.shard, offset: try $0.sourceOffset) }
        }
        do {
            try take(shards, until: deadline, context, &report)
        } catch let error as JobError {
            throw error
        } catch {
            // Somebody dropped a table that this process keeps; the retry opens it, or makes it, anew.
            if let error = error as? IcebergError, error.code == .notFound { lake.forgetTables() }
            forget()
            report.reason = .fault(error)
        }
        return report
    }
}

extension Lake {
    /// What takes the records of a stream into its table: the one place where the table's format decides.
    /// - Parameter source: identity of the source, such as the stream's ARN.
    func ingest(of stream: StreamDefinition, source: String) throws(JobError) -> any SourceIngest {
        guard let table = definition.table(stream.table), table.format == .parquet else {
            return StreamIngest(stream, source: source, lake: self)
        }
        guard !stream.isOfKafka, stream.decoder == .json else {
            throw JobError(
                .ingest(.unsupported),
                "the stream \"\(stream.name)\" fills \(stream.table), a table of plain Parquet files, which takes JSON "
                    + "records of Kinesis only")
        }
        return PlainIngest(stream, table, source: source, lake: self)
    }
}
