internal import Iceberg

/// How large a table is, by its newest version.
struct TableSize: Equatable {
    /// Data files of the current snapshot; nil if its summary does not say.
    var files: Int64?
    /// Their bytes; nil if the summary does not say.
    var bytes: Int64?
    /// Snapshots in the history.
    var snapshots: Int64

    init(files: Int64?, bytes: Int64?, snapshots: Int64) {
        self.files = files
        self.bytes = bytes
        self.snapshots = snapshots
    }

    /// The size that metadata tells.
    init(_ metadata: TableMetadata) {
        snapshots = Int64(metadata.snapshots.count)
        guard let current = metadata.currentSnapshot else {
            files = 0
            bytes = 0
            return
        }
        files = current.summary.properties["total-data-files"].flatMap { Int64($0) }
        bytes = current.summary.properties["total-files-size"].flatMap { Int64($0) }
    }

    /// The size of a table as the catalog has it now; only the metadata file is read.
    static func now(_ table: TableIdentifier, _ lake: Lake) throws(IcebergError) -> TableSize {
        let entry = try lake.catalog.load(table)
        let bytes: [UInt8]
        if let content = entry.metadata { bytes = content } else { bytes = try lake.store.get(entry.location) }
        return TableSize(try TableMetadata(parsing: bytes))
    }
}
