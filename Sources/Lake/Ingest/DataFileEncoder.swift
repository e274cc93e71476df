internal import Columnar
internal import Iceberg
internal import Parquet

/// Makes data files of rows: one a partition, in the table's sort order, as its properties say.
struct DataFileEncoder {
    private let metadata: TableMetadata
    private let schema: Schema
    private let spec: PartitionSpec
    private let sortOrder: SortOrder
    private let options: WriterOptions
    private let threads: Int

    /// Batches of fewer rows are encoded by the calling thread alone.
    private static let rowsWorthThreads = 1024

    /// An encoder for the table as it is now.
    /// - Parameter threads: how many may encode partitions at once.
    init(_ metadata: TableMetadata, threads: Int = 1) throws(IcebergError) {
        guard let schema = metadata.currentSchema, let spec = metadata.defaultSpec,
            let sortOrder = metadata.defaultSortOrder
        else { throw IcebergError(.malformed, "the table names a current schema, spec or sort order it does not have") }
        self.metadata = metadata
        self.schema = schema
        self.spec = spec
        self.sortOrder = sortOrder
        self.threads = threads
        options = WriterOptions(tableProperties: metadata.properties)
    }

    /// The files that hold these rows; none for none.
    /// - Parameter name: unique, for the files' names.
    func files(of batch: RecordBatch, named name: String) throws -> [Append.File] {
        guard batch.count > 0 else { return [] }
        let parts = try spec.partition(batch, schema: schema)
        let threads = batch.count < Self.rowsWorthThreads ? 1 : threads
        return try Threads.map(parts.count, threads: threads) { number in
            Result { try file(of: parts[number].rows, parts[number].tuple, in: batch, "\(number)-\(name).parquet") }
        }.map { try $0.get() }
    }

    /// One partition's file.
    private func file(
        of numbers: [Int], _ partition: [Datum?], in batch: RecordBatch, _ name: String
    ) throws -> Append.File {
        let rows = numbers.count == batch.count ? batch : batch.taking(numbers)
        let order = try sortOrder.sortedRows(of: rows, schema: schema)
        var writer = try ParquetWriter(fields: batch.fields, options: options)
        try writer.write(order.map(rows.taking) ?? rows)
        let written = try writer.finish()
        return Append.File(
            try DataFile(
                location: location(of: partition, name), partition: partition, written: written, metadata: metadata),
            bytes: written.bytes)
    }

    private func location(of partition: [Datum?], _ name: String) -> String {
        let folders = spec.path(of: partition).split(separator: "/").map { Self.cut(String($0)) }
        return ([metadata.dataDirectory] + folders + [name]).joined(separator: "/")
    }

    /// A longer folder name is cut. Files are found by the manifests alone, and file systems take no name above 255
    /// bytes and S3 no key above 1,024: a record with a long partition value must not be refused for its path.
    private static let longestFolderName = 128

    private static func cut(_ folder: String) -> String {
        guard folder.utf8.count > longestFolderName else { return folder }
        // The name is ASCII. An escape is not cut in two.
        var name = folder.prefix(longestFolderName)
        if let percent = name.suffix(2).firstIndex(of: "%") { name = name[..<percent] }
        return String(name)
    }
}
