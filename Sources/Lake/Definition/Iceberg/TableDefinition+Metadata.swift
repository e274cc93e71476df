internal import Iceberg

extension TableDefinition {
    /// The metadata of a new table of this definition in a folder.
    func newMetadata(in folder: String, uuid: String, nowMs: Int64) -> TableMetadata {
        TableMetadata(
            tableUUID: uuid, location: folder,
            schema: icebergSchema(), partitionSpec: partitionSpec(), sortOrder: sortOrder(),
            properties: icebergProperties(), lastColumnID: columns.count, nowMs: nowMs)
    }
}
