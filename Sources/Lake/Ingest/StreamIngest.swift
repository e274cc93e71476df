internal import Iceberg
internal import LambdaRuntime

/// Takes the records of one source into an Iceberg table: decode what is new, commit the bad records, commit the rows.
struct StreamIngest: SourceIngest {
    private let definition: StreamDefinition
    private let source: String
    let lake: Lake

    /// - Parameter source: identity of the source, such as the stream's ARN.
    init(_ definition: StreamDefinition, source: String, lake: Lake) {
        self.definition = definition
        self.source = source
        self.lake = lake
    }

    func take<Record: SourceRecord>(
        _ shards: [ShardRecords<Record>], until deadline: WorkDeadline, _ context: Context,
        _ report: inout IngestReport
    ) throws {
        let table = try lake.table(definition.table)
        try table.retryingStaleOffsets { attempt in
            try table.refresh(ifTaken: shards, of: source)
            var metadata = try table.metadata
            var watermarks = try table.watermarks(of: source)
            var taken = try take(shards, above: watermarks, metadata, until: deadline)
            if taken.refusesRecords, try isOvertaken(table) {
                metadata = try table.metadata
                watermarks = try table.watermarks(of: source)
                taken = try take(shards, above: watermarks, metadata, until: deadline)
            }
            report.recomputed = attempt
            report.firstUncommitted = taken.firstNew
            // Bad records first: if this process dies in between, the retry finds them there and adds the rows.
            report.deadLetters += try DeadLetterQueue(lake: lake, stream: definition, source: source)
                .commit(taken.letters, nowMs: context.clock.milliseconds, deadlineMs: deadline.commitMs)
            report.replayed = taken.replayed
            report.dropped = taken.dropped
            report.tombstones = taken.tombstones
            report.counts = taken.counts
            try commit(
                taken, of: Record.self, to: table, as: metadata, against: watermarks, until: deadline, &report)
        }
    }

    /// Nothing: what is kept of the table is the lake's.
    func forget() {}

    /// Decodes what is new, with the reader that the stream's decoder asks for.
    private func take(
        _ shards: [ShardRecords<some SourceRecord>], above watermarks: Watermarks, _ metadata: TableMetadata,
        until deadline: WorkDeadline
    ) throws -> TakenRecords {
        let columns = try lake.columnDecodings(definition.table, metadata)
        switch definition.decoder {
        case .json:
            var taker = RecordTaker(RowReader(columns), policy: definition.onBadRecord)
            return try taker.take(shards, above: watermarks, until: deadline)
        case .bars:
            let reader = try QuoteReader(
                columns.map(\.field), of: definition, source: source, shards: shards.map(\.shard), in: metadata)
            var taker = RecordTaker(reader, policy: definition.onBadRecord)
            return try taker.take(shards, above: watermarks, until: deadline)
        }
    }

    /// Looks for a newer version of the table before a record is refused on the word of the one kept: a value that did
    /// not fit a column may fit it since the column grew.
    private func isOvertaken(_ table: Table) throws -> Bool {
        let version = try table.metadataLocation
        try table.refresh()
        return try table.metadataLocation != version
    }
}

extension SourceIngest {
    /// Commits the rows that were taken with their offsets and state, if there are any, and reports what is left of the records.
    /// - Parameters:
    ///   - metadata: the version of the table that the rows were decoded for.
    ///   - watermarks: the source's, which the rows lie above.
    func commit<Record: SourceRecord>(
        _ taken: TakenRecords, of _: Record.Type, to table: Table, as metadata: TableMetadata,
        against watermarks: Watermarks, until deadline: WorkDeadline, _ report: inout IngestReport
    ) throws {
        if !taken.offsets.isEmpty {
            var append = Append(encodedFor: metadata, summary: taken.state)
            append.files = try DataFileEncoder(metadata, threads: lake.encodingThreads)
                .files(of: taken.batch, named: lake.uniqueName())
            append.take(taken.offsets, against: watermarks)
            append.shardRetentionMs = Record.shardRetentionMs
            append.deadlineMs = deadline.commitMs
            report.count(try table.append(append), of: append, taken)
        }
        report.firstUncommitted = taken.remainder
        report.reason = taken.reason
    }
}

extension IngestReport {
    /// Counts what a commit added: nothing, if it turned out that another writer had taken the same records.
    fileprivate mutating func count(_ commit: CommitReport, of append: Append, _ taken: TakenRecords) {
        swaps = commit.attempts
        guard commit.outcome == .committed else {
            replayed += taken.batch.count
            return
        }
        snapshotID = commit.snapshotID
        rows = Int(clamping: commit.addedRecords)
        if rows > 0 { newestMs = taken.newestMs }
        dataFiles = commit.addedFiles
        bytes = append.files.reduce(0) { $0 + $1.bytes.count }
    }
}

extension Table {
    /// Looks for a newer version before a record is passed over on the word of the one kept: another writer may have rolled
    /// the table back, or dropped it and made it anew, and then its rows are not in it.
    func refresh(ifTaken shards: [ShardRecords<some SourceRecord>], of source: String) throws {
        let watermarks = try watermarks(of: source)
        let isTaken = try shards.contains { shard in
            guard let first = shard.records.first, let watermark = watermarks.shards[shard.shard] else { return false }
            return try first.sourceOffset <= watermark.last
        }
        if isTaken { try refresh() }
    }

    /// How often rows are computed anew because another commit took records of their source, or changed the table.
    private static let staleOffsetsLimit = 10

    /// Runs a commit, and again from the start when another writer has moved the source's watermarks meanwhile, or has
    /// changed the table so that the rows no longer fit it: the table has been reloaded by then.
    /// - Parameter commit: is given how many times it ran before.
    func retryingStaleOffsets<Result>(_ commit: (_ attempt: Int) throws -> Result) throws -> Result {
        for attempt in 0..<Self.staleOffsetsLimit {
            let version = try metadataLocation
            do {
                return try commit(attempt)
            } catch let error as IcebergError where error.code == .staleOffsets {
                continue
            } catch let error as IcebergError where error.code == .invalid {
                // Invalid for the version it was made for is invalid for good.
                guard try metadataLocation != version else { throw error }
            }
        }
        return try commit(Self.staleOffsetsLimit)
    }
}
