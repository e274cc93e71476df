import Iceberg

/// Versions of a small table.
enum SampleTable {
    static let identifier = TableIdentifier(namespace: "db", name: "readings")
    static let location = "s3://lake/db/readings"

    /// An empty table.
    static func empty() throws -> TableVersion {
        let metadata = try TableMetadata.new(
            tableUUID: "9c12d441-03fe-4693-9a96-a0705ddf69c1", location: location,
            columns: [
                NestedField(id: 0, name: "id", type: .long, isRequired: true, doc: "device"),
                NestedField(id: 0, name: "sent", type: .timestamp),
            ],
            partition: [NewPartitionField(column: "sent", transform: .hour)], sort: [NewSortField(column: "id")],
            properties: ["comment": "what sensors say"], nowMs: 1_700_000_000_000)
        return TableVersion(location: "\(location)/metadata/00000-a.metadata.json", metadata: metadata)
    }

    /// The version after another, with one snapshot more.
    static func appended(to base: TableVersion, snapshotID: Int64) -> TableVersion {
        var metadata = base.metadata
        metadata.lastSequenceNumber += 1
        metadata.snapshots.append(
            Snapshot(
                snapshotID: snapshotID, parentSnapshotID: metadata.currentSnapshotID,
                sequenceNumber: metadata.lastSequenceNumber, timestampMs: 1_700_000_000_000 + snapshotID,
                manifestList: "\(location)/metadata/snap-\(snapshotID).avro",
                summary: Snapshot.Summary(operation: "append", properties: ["added-records": "3"]), schemaID: 0))
        metadata.currentSnapshotID = snapshotID
        metadata.refs["main"] = SnapshotReference(snapshotID: snapshotID, kind: .branch)
        return TableVersion(location: "\(location)/metadata/0000\(snapshotID)-b.metadata.json", metadata: metadata)
    }
}
