/// Rows for a table, encoded as data files, with the source offsets they came from: what one commit adds.
public struct Append: Sendable {
    /// A data file and its bytes. Its path must be new: include a random id in it.
    public struct File: Sendable {
        /// As the manifest will describe it.
        public let dataFile: DataFile
        /// All of it.
        public let bytes: [UInt8]

        /// A file.
        public init(_ dataFile: DataFile, bytes: [UInt8]) {
            self.dataFile = dataFile
            self.bytes = bytes
        }
    }

    /// The files; none for a commit that only moves offsets.
    public var files: [File]
    /// The table the files were made for: one that was dropped and made again is another.
    public let tableUUID: String
    /// The schema, partition spec and sort order the files were encoded with: they must still be the table's.
    public let schemaID: Int
    /// The partition spec of the files' partition tuples.
    public let specID: Int
    /// The order of the rows in the files.
    public let sortOrderID: Int
    /// The watermarks the rows were computed against; nil if the rows came from no source.
    public private(set) var watermarks: Watermarks?
    /// What this commit takes, by shard of the source.
    public private(set) var offsets: [String: OffsetRange] = [:]
    /// How long the source keeps records, in milliseconds: watermarks of shards without newer ones are pruned.
    public var shardRetentionMs: Int64?
    /// When the caller must have an answer, in milliseconds since the epoch: the commit gives up with its usual error
    /// rather than wait past it. Requests that are on their way are not cut short.
    public var deadlineMs: Int64?
    /// More entries for the snapshot summary. Names under `swiftlake.state.` are carried on by later commits, and an
    /// append that sets one is refused as stale if another commit has changed it since.
    public var summary: [String: String]

    /// The version that the rows were computed against, and so the state.
    let encodedFor: TableMetadata

    /// Files encoded for a version of the table.
    public init(encodedFor metadata: TableMetadata, files: [File] = [], summary: [String: String] = [:]) {
        self.files = files
        self.summary = summary
        tableUUID = metadata.tableUUID
        encodedFor = metadata
        schemaID = metadata.currentSchemaID
        specID = metadata.defaultSpecID
        sortOrderID = metadata.defaultSortOrderID
    }

    /// Makes the commit move a source's watermarks.
    /// - Parameters:
    ///   - offsets: the range taken of each shard, above its watermark.
    ///   - watermarks: those that the rows were computed against, from ``Table/watermarks(of:)``.
    public mutating func take(_ offsets: [String: OffsetRange], against watermarks: Watermarks) {
        self.offsets = offsets
        self.watermarks = watermarks
    }
}

/// What an append did.
public struct CommitReport: Sendable {
    /// How the rows came to be in the table.
    public enum Outcome: Sendable {
        /// By this commit's own snapshot.
        case committed
        /// The stored watermarks cover the append's offsets, after an attempt whose outcome was lost: either that
        /// attempt was it and its snapshot has expired, or another writer took the same records.
        case covered
    }

    /// How the rows came to be in the table.
    public var outcome: Outcome
    /// The snapshot that holds them.
    public var snapshotID: Int64
    /// Its sequence number in the table.
    public var sequenceNumber: Int64
    /// The table metadata file that is current, as far as is known.
    public var metadataLocation: String
    /// Swaps tried.
    public var attempts: Int
    /// Data files added.
    public var addedFiles: Int
    /// Rows added.
    public var addedRecords: Int64
    /// Small manifests that were merged into one.
    public var mergedManifests: Int
    /// Why a merge that was due was put off to the next commit.
    public var mergeFault: IcebergError?
    /// Snapshots that left the table's history.
    public var expiredSnapshots: Int
    /// Files of expired snapshots and superseded metadata that were deleted.
    public var deletedFiles: Int
    /// Files that were due for deletion and could not be deleted; orphan cleanup finds them.
    public var undeletedFiles: [String]
}
