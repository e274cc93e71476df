/// A manifest as a manifest list describes it ("Manifest Lists", field ids 500 to 519).
public struct ManifestFile: Equatable, Sendable {
    /// What the manifest tracks.
    public enum Content: Int32, Sendable { case data = 0, deletes = 1 }

    /// 500: full location.
    public var manifestPath: String
    /// 501: bytes.
    public var manifestLength: Int64
    /// 502: the partition spec of its entries.
    public var partitionSpecID: Int32
    /// 517
    public var content: Content
    /// 515: of the commit that added the manifest.
    public var sequenceNumber: Int64
    /// 516: the smallest data sequence number of a live entry.
    public var minSequenceNumber: Int64
    /// 503: the snapshot that added the manifest.
    public var addedSnapshotID: Int64
    /// 504
    public var addedFilesCount: Int32
    /// 505
    public var existingFilesCount: Int32
    /// 506
    public var deletedFilesCount: Int32
    /// 512
    public var addedRowsCount: Int64
    /// 513
    public var existingRowsCount: Int64
    /// 514
    public var deletedRowsCount: Int64
    /// 507: one for each field of the spec.
    public var partitions: [FieldSummary]?
    /// 519: opaque, carried along.
    public var keyMetadata: [UInt8]?

    /// The range of one partition field over a manifest's files.
    public struct FieldSummary: Equatable, Sendable {
        /// 509
        public var containsNull: Bool
        /// 518
        public var containsNaN: Bool?
        /// 510: serialised as Appendix D says.
        public var lowerBound: [UInt8]?
        /// 511: serialised as Appendix D says.
        public var upperBound: [UInt8]?

        /// A summary.
        public init(containsNull: Bool, containsNaN: Bool?, lowerBound: [UInt8]?, upperBound: [UInt8]?) {
            self.containsNull = containsNull
            self.containsNaN = containsNaN
            self.lowerBound = lowerBound
            self.upperBound = upperBound
        }
    }

    /// A manifest of data files with no counts yet.
    public init(manifestPath: String, manifestLength: Int64, partitionSpecID: Int32, addedSnapshotID: Int64) {
        self.manifestPath = manifestPath
        self.manifestLength = manifestLength
        self.partitionSpecID = partitionSpecID
        content = .data
        sequenceNumber = 0
        minSequenceNumber = 0
        self.addedSnapshotID = addedSnapshotID
        addedFilesCount = 0
        existingFilesCount = 0
        deletedFilesCount = 0
        addedRowsCount = 0
        existingRowsCount = 0
        deletedRowsCount = 0
    }
}
