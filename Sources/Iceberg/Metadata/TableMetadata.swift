/// A table's metadata file, format version 2 ("Table Metadata Fields"). Versions 1 and 2 are read; version 2 is written.
public struct TableMetadata: Equatable, Sendable {
    /// Given at creation, never changed.
    public var tableUUID: String
    /// Base location of the table's files, without a trailing slash.
    public var location: String
    /// Highest sequence number given out.
    public var lastSequenceNumber: Int64
    /// When this version was written, in milliseconds since the epoch.
    public var lastUpdatedMs: Int64
    /// Highest field id given out.
    public var lastColumnID: Int
    /// All schemas.
    public var schemas: [Schema]
    /// The schema that writers use.
    public var currentSchemaID: Int
    /// All partition specs.
    public var partitionSpecs: [PartitionSpec]
    /// The spec that writers use.
    public var defaultSpecID: Int
    /// Highest partition field id given out; 999 if none.
    public var lastPartitionID: Int
    /// All sort orders.
    public var sortOrders: [SortOrder]
    /// The order that writers use.
    public var defaultSortOrderID: Int
    /// Settings and marks, by name.
    public var properties: [String: String]
    /// The head of `main`, nil while the table is empty.
    public var currentSnapshotID: Int64?
    /// Snapshots that have not expired, oldest first.
    public var snapshots: [Snapshot]
    /// When each snapshot became current.
    public var snapshotLog: [SnapshotLogEntry]
    /// Earlier metadata files, oldest first.
    public var metadataLog: [MetadataLogEntry]
    /// Branches and tags by name; holds `main` once there is a snapshot.
    public var refs: [String: SnapshotReference]
    /// Members this library does not know, such as `statistics`, kept as they are.
    public var unknownMembers: [Snapshot.Member]

    /// A change of the current snapshot.
    public struct SnapshotLogEntry: Equatable, Sendable {
        /// When, in milliseconds since the epoch.
        public var timestampMs: Int64
        /// To which snapshot.
        public var snapshotID: Int64

        /// An entry.
        public init(timestampMs: Int64, snapshotID: Int64) {
            self.timestampMs = timestampMs
            self.snapshotID = snapshotID
        }
    }

    /// An earlier metadata file.
    public struct MetadataLogEntry: Equatable, Sendable {
        /// When it was written, in milliseconds since the epoch.
        public var timestampMs: Int64
        /// Where it lies.
        public var metadataFile: String

        /// An entry.
        public init(timestampMs: Int64, metadataFile: String) {
            self.timestampMs = timestampMs
            self.metadataFile = metadataFile
        }
    }

    /// A table with nothing in it yet: one schema, one spec, one sort order, no snapshot.
    public init(
        tableUUID: String, location: String, schema: Schema, partitionSpec: PartitionSpec, sortOrder: SortOrder,
        properties: [String: String], lastColumnID: Int, nowMs: Int64
    ) {
        self.tableUUID = tableUUID
        self.location = location
        lastSequenceNumber = 0
        lastUpdatedMs = nowMs
        self.lastColumnID = lastColumnID
        schemas = [schema]
        currentSchemaID = schema.schemaID
        partitionSpecs = [partitionSpec]
        defaultSpecID = partitionSpec.specID
        lastPartitionID = partitionSpec.fields.map(\.fieldID).max() ?? 999
        sortOrders = sortOrder.orderID == 0 ? [.unsorted] : [.unsorted, sortOrder]
        defaultSortOrderID = sortOrder.orderID
        self.properties = properties
        currentSnapshotID = nil
        snapshots = []
        snapshotLog = []
        metadataLog = []
        refs = [:]
        unknownMembers = []
    }

    /// The schema that writers use, if the file was consistent; parsing checks that it is.
    public var currentSchema: Schema? { schemas.first { $0.schemaID == currentSchemaID } }
    /// The partition spec that writers use.
    public var defaultSpec: PartitionSpec? { partitionSpecs.first { $0.specID == defaultSpecID } }
    /// The sort order that writers use.
    public var defaultSortOrder: SortOrder? { sortOrders.first { $0.orderID == defaultSortOrderID } }
    /// The head of `main`.
    public var currentSnapshot: Snapshot? { currentSnapshotID.flatMap(snapshot(id:)) }
    /// The snapshot of this id, if it has not expired.
    public func snapshot(id: Int64) -> Snapshot? { snapshots.last { $0.snapshotID == id } }
}
