internal import Iceberg
internal import LambdaRuntime

/// Takes the records of one Kinesis stream into a table of plain Parquet files. There is no commit that could tell which
/// records are in: the names of the files do, each of which holds every record of its shard and partition in a range of
/// shard sequence numbers. Files are never replaced, so that a record which comes again is found by listing them.
struct PlainIngest: SourceIngest {
    private let definition: StreamDefinition
    private let source: String
    let lake: Lake
    private let table: PlainTable

    /// - Parameter source: the stream's ARN.
    init(_ definition: StreamDefinition, _ table: TableDefinition, source: String, lake: Lake) {
        self.definition = definition
        self.source = source
        self.lake = lake
        self.table = PlainTable(table, lake: lake)
    }

    func take(
        _ shards: [ShardRecords<some SourceRecord>], until deadline: WorkDeadline, _ context: Context,
        _ report: inout IngestReport
    ) throws {
        let nowMs = context.clock.milliseconds
        let location = try table.location(nowMs: nowMs)
        let origins = RowOrigins()
        let columns = try table.definition.columnDecodings(for: table.definition.icebergSchema())
        var taker = RecordTaker(
            PlainReader(columns, partition: table.definition.partition.map(\.column), origins: origins),
            policy: definition.onBadRecord)
        let taken = try taker.take(shards, above: Watermarks(source: source), until: deadline)
        report.firstUncommitted = taken.firstNew
        // Bad records first: if this process dies in between, the retry finds them there and adds the rows.
        report.deadLetters = try DeadLetterQueue(lake: lake, stream: definition, source: source)
            .commit(taken.letters, nowMs: nowMs, deadlineMs: deadline.commitMs)
        report.dropped = taken.dropped
        report.tombstones = taken.tombstones
        report.counts = taken.counts
        let made = try PlainFiles(
            of: taken.batch, origins, stream: Self.name(of: source), table.definition, at: location,
            threads: lake.encodingThreads, lake.store)
        report.replayed = taken.replayed + made.covered
        try put(made.files)
        try table.register(made.folders.map { ($0.location, $0.values) })
        report.rows = made.rows
        if made.rows > 0 { report.newestMs = taken.newestMs }
        report.dataFiles = made.files.count
        report.bytes = made.files.reduce(0) { $0 + $1.bytes.count }
        report.firstUncommitted = taken.remainder
        report.reason = taken.reason
    }

    func forget() { table.forget() }

    /// Creates the files, all at once unless a test watches each. One that is there holds the same records: its name
    /// says so.
    private func put(_ files: [NewFile]) throws(IcebergError) {
        guard !files.isEmpty else { return }
        let results = lake.environment.willTake == nil ? lake.store.put(files) : files.flatMap(putWatched)
        guard results.count == files.count else {
            throw IcebergError(.unavailable, "the store answered for \(results.count) of \(files.count) files")
        }
        for result in results {
            switch result {
            case .done: continue
            case .failed(let error) where error.code == .alreadyExists: continue
            case .failed(let error), .unknown(let error): throw error
            }
        }
    }

    private func putWatched(_ file: NewFile) -> [PutResult] {
        lake.willTake(.put, file.location, .before)
        defer { lake.willTake(.put, file.location, .after) }
        return lake.store.put([file])
    }

    /// The stream's name, which its ARN ends with.
    private static func name(of arn: String) -> String { arn.split(separator: "/").last.map(String.init) ?? arn }
}
