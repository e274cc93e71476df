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

    /// An encoder for the table as it is now.
    init(_ metadata: TableMetadata) throws(IcebergError) {
        guard let schema = metadata.currentSchema, let spec = metadata.defaultSpec,
            let sortOrder = metadata.defaultSortOrder
        else { throw IcebergError(.malformed, "the table names a current schema, spec or sort order it does not have") }
        self.metadata = metadata
        self.schema = schema
        self.spec = spec
        self.sortOrder = sortOrder
        options = try WriterOptions(tableProperties: metadata.properties)
    }

    /// The files that hold these rows; none for none.
    /// - Parameter name: unique, for the files' names.
    func files(of batch: RecordBatch, named name: String) throws -> [Append.File] {
        guard batch.count > 0 else { return [] }
        var files: [Append.File] = []
        for (number, part) in try spec.partition(batch, schema: schema).enumerated() {
            let rows = part.rows.count == batch.count ? batch : batch.taking(part.rows)
            let order = try sortOrder.sortedRows(of: rows, schema: schema)
            var writer = try ParquetWriter(fields: batch.fields, options: options)
            try writer.write(order.map(rows.taking) ?? rows)
            let written = try writer.finish()
            files.append(
                Append.File(
                    try DataFile(
                        location: location(of: part.tuple, "\(number)-\(name).parquet"), partition: part.tuple,
                        written: written, metadata: metadata),
                    bytes: written.bytes))
        }
        return files
    }

    private func location(of partition: [Datum?], _ name: String) -> String {
        let path = spec.path(of: partition)
        return [metadata.location, "data", path, name].filter { !$0.isEmpty }.joined(separator: "/")
    }
}
