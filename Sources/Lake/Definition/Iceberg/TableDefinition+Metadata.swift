internal import Iceberg

extension TableDefinition {
    /// The metadata of a new table of this definition, in the warehouse's folder for it.
    func newMetadata(warehouse: String, uuid: String, nowMs: Int64) -> TableMetadata {
        TableMetadata(
            tableUUID: uuid, location: "\(warehouse)/\(identifier.namespace)/\(identifier.name)",
            schema: icebergSchema(), partitionSpec: partitionSpec(), sortOrder: sortOrder(),
            properties: icebergProperties(), lastColumnID: columns.count, nowMs: nowMs)
    }
}
