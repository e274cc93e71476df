public import Parquet

extension DataFile {
    /// A Parquet file as a manifest of this table describes it, with the metrics that the table's properties ask for.
    /// - Parameters:
    ///   - location: where the file will be.
    ///   - partition: one value for each field of the table's default partition spec.
    ///   - written: the file, encoded with the table's current schema, in its default sort order.
    /// - Throws: ``IcebergError/Code/malformed`` if the table has no current schema.
    public init(
        location: String, partition: [Datum?], written: WrittenFile, metadata: TableMetadata
    ) throws(IcebergError) {
        guard let schema = metadata.currentSchema else {
            throw IcebergError(.malformed, "the table names a current schema that it does not have")
        }
        self.init(
            filePath: location, partition: partition, recordCount: written.rowCount,
            fileSizeInBytes: Int64(written.bytes.count))
        splitOffsets = written.splitOffsets
        sortOrderID = Int32(exactly: metadata.defaultSortOrderID)
        let configuration = MetricsConfiguration(properties: metadata.properties)
        for column in written.columns {
            guard let field = schema.field(id: Int(column.fieldID)) else { continue }
            let mode = configuration.mode(of: field.name)
            columnSizes[field.id] = column.compressedSize
            guard mode != .none else { continue }
            valueCounts[field.id] = column.valueCount
            nullValueCounts[field.id] = column.nullCount
            nanValueCounts[field.id] = column.nanCount
            if let bound = column.lowerBound {
                lowerBounds[field.id] = BoundTruncation.lower(bound, type: field.type, mode: mode)
            }
            if let bound = column.upperBound {
                upperBounds[field.id] = BoundTruncation.upper(bound, type: field.type, mode: mode)
            }
        }
    }
}
