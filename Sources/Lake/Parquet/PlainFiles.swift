internal import Columnar
internal import Iceberg
internal import Parquet

/// Makes the files of rows that no file has yet: for each shard and partition, one for each run of records between those
/// that are there.
struct PlainFiles {
    /// A partition's folder, with the values of its keys as catalogues know them.
    struct Folder {
        let location: String
        let values: [String]
    }

    /// The files that are to be put.
    let files: [NewFile]
    /// All partitions of the rows, those with nothing new among them too.
    let folders: [Folder]
    /// Rows in the files.
    let rows: Int
    /// Rows that files have already.
    let covered: Int

    /// Rows of one folder and shard.
    private struct Part {
        let folder: Folder
        let shard: String
        /// Places of the rows, ascending.
        var rows: [Int]
    }

    /// - Parameters:
    ///   - batch: the rows.
    ///   - origins: the record of each.
    ///   - stream: the stream's name, for the files' names.
    ///   - location: the folder of the partitions.
    ///   - store: where the files are that are there.
    init(
        of batch: RecordBatch, _ origins: RowOrigins, stream: String, _ table: TableDefinition, at location: String,
        threads: Int, _ store: any ObjectStore
    ) throws {
        let parts = try Self.parts(of: batch, origins, table, location)
        let runs = try parts.flatMap { try Self.runs(of: $0, origins, stream: stream, store) }
        var known: Set<[UInt8]> = []
        folders = parts.map(\.folder).filter { known.insert(Array($0.location.utf8)).inserted }
        rows = runs.reduce(0) { $0 + $1.rows.count }
        covered = batch.count - rows
        files = try Self.files(of: runs, in: batch, table, threads: threads)
    }

    /// Rows of one file.
    private struct Run {
        let location: String
        let rows: [Int]
    }

    private static func runs(
        of part: Part, _ origins: RowOrigins, stream: String, _ store: any ObjectStore
    ) throws(IcebergError) -> [Run] {
        let name = ShardFileName(stream: stream, shard: part.shard)
        let folder = part.folder.location
        var ranges: [ClosedRange<SourceOffset>] = []
        for file in try store.list("\(folder)/\(name.prefix)") {
            // By bytes: behind some characters, such as U+0600, a slash is no `Character` of its own.
            let found = Substring(file.location.utf8.dropFirst(folder.utf8.count + 1))
            if let range = name.range(of: found) { ranges.append(range) }
        }
        guard let first = part.rows.first, let last = part.rows.last else { return [] }
        guard !ranges.isEmpty else {
            let range = try offset(origins, first)...offset(origins, last)
            return [Run(location: "\(folder)/\(name.name(range))", rows: part.rows)]
        }
        var offsets: [SourceOffset] = []
        for row in part.rows { offsets.append(try offset(origins, row)) }
        return CoveredRanges(ranges).uncovered(offsets).compactMap { run in
            guard let first = run.first, let last = run.last else { return nil }
            return Run(
                location: "\(folder)/\(name.name(offsets[first]...offsets[last]))", rows: run.map { part.rows[$0] })
        }
    }

    private static func files(
        of runs: [Run], in batch: RecordBatch, _ table: TableDefinition, threads: Int
    ) throws -> [NewFile] {
        let keys = Set(table.partition.map(\.column))
        let columns = batch.fields.indices.filter { !keys.contains(batch.fields[$0].name) }
        let options = WriterOptions(tableProperties: table.icebergProperties())
        return try Threads.map(runs.count, threads: threads) { number in
            Result { try file(runs[number].location, batch.taking(runs[number].rows), columns, options) }
        }.map { try $0.get() }
    }

    /// Groups rows by folder and shard. Values whose texts are the same share a folder.
    private static func parts(
        of batch: RecordBatch, _ origins: RowOrigins, _ table: TableDefinition, _ location: String
    ) throws -> [Part] {
        let keys = table.partition.compactMap { table.column(named: $0.column) }
        // By bytes: texts that Unicode calls equivalent name folders of their own.
        var folders: [[UInt8]: (folder: Folder, rows: [Int])] = [:]
        var order: [[UInt8]] = []
        for (tuple, rows) in try table.partitionSpec().partition(batch, schema: table.icebergSchema()) {
            let texts = zip(keys, tuple).map { key, value in key.folderText(value) }
            let path = ([location] + zip(keys, texts).map { HiveFolder.name($0.name, $1) }).joined(separator: "/")
            let key = Array(path.utf8)
            if let before = folders[key] {
                folders[key] = (before.folder, (before.rows + rows).sorted())
            } else {
                order.append(key)
                folders[key] = (Folder(location: path, values: texts.map(HiveFolder.value)), rows)
            }
        }
        var parts: [Part] = []
        for key in order {
            guard let (folder, rows) = folders[key] else { continue }
            for (number, (shard, firstRow)) in origins.shards.enumerated() {
                let end = number + 1 < origins.shards.count ? origins.shards[number + 1].firstRow : batch.count
                let own = rows.filter { (firstRow..<end).contains($0) }
                if !own.isEmpty { parts.append(Part(folder: folder, shard: shard, rows: own)) }
            }
        }
        return parts
    }

    private static func offset(_ origins: RowOrigins, _ row: Int) throws(IcebergError) -> SourceOffset {
        try SourceOffset(digits: origins.digits[row])
    }

    private static func file(
        _ location: String, _ rows: RecordBatch, _ columns: [Int], _ options: WriterOptions
    ) throws -> NewFile {
        let written = rows.selecting(columns)
        var writer = try ParquetWriter(fields: written.fields, options: options)
        try writer.write(written)
        return NewFile(location: location, bytes: try writer.finish().bytes)
    }
}
