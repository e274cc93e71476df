/// What ``Table/expireSnapshots(nowMs:_:)`` is to do otherwise than the table's properties say; nil leaves it to them.
public struct ExpiryOptions: Equatable, Sendable {
    /// How old a branch's snapshots may grow, in milliseconds, where the branch itself says nothing
    /// (`history.expire.max-snapshot-age-ms`).
    public var maximumAgeMs: Int64?
    /// How many snapshots each branch keeps however old they are, where the branch itself says nothing
    /// (`history.expire.min-snapshots-to-keep`).
    public var minimumCount: Int?
    /// How many snapshots main keeps however young they are (`swiftlake.snapshots.max`).
    public var maximumCount: Int?
    /// How long a snapshot stays after another took its place, in milliseconds, for readers that still use it
    /// (`swiftlake.delete.min-age-ms`).
    public var minimumSupersededMs: Int64?
    /// When the caller must have an answer, in milliseconds since the epoch. What is not deleted by then stays, for
    /// orphan cleanup to find.
    public var deadlineMs: Int64?

    /// Options.
    public init(
        maximumAgeMs: Int64? = nil, minimumCount: Int? = nil, maximumCount: Int? = nil,
        minimumSupersededMs: Int64? = nil, deadlineMs: Int64? = nil
    ) {
        self.maximumAgeMs = maximumAgeMs
        self.minimumCount = minimumCount
        self.maximumCount = maximumCount
        self.minimumSupersededMs = minimumSupersededMs
        self.deadlineMs = deadlineMs
    }
}

/// What ``Table/expireSnapshots(nowMs:_:)`` did.
public struct ExpiryReport: Sendable {
    /// The snapshots that left the table, oldest first.
    public var expiredSnapshots: [Int64] = []
    /// Branches and tags that were older than they may grow.
    public var removedReferences: [String] = []
    /// Data and delete files that were deleted.
    public var deletedDataFiles = 0
    /// Manifests, manifest lists and files of statistics that were deleted.
    public var deletedMetadataFiles = 0
    /// The bytes of all of them.
    public var deletedBytes: Int64 = 0
    /// Files that were due and could not be deleted; orphan cleanup finds them.
    public var undeletedFiles: [String] = []
    /// Why files of expired snapshots may have been left without being named; orphan cleanup finds them.
    public var fault: IcebergError?
    /// Swaps tried; none if nothing was to expire.
    public var attempts = 0
    /// The table metadata file that is current, as far as is known.
    public var metadataLocation = ""
}
