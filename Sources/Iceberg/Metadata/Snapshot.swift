public import JSON

/// The state of a table at one time ("Snapshots").
public struct Snapshot: Equatable, Sendable {
    /// Unique in the table, positive.
    public var snapshotID: Int64
    /// The snapshot this one was made from.
    public var parentSnapshotID: Int64?
    /// The table's sequence number of this snapshot's commit.
    public var sequenceNumber: Int64
    /// When it was made, in milliseconds since the epoch.
    public var timestampMs: Int64
    /// Location of its manifest list.
    public var manifestList: String
    /// What the commit did.
    public var summary: Summary
    /// The schema that was current.
    public var schemaID: Int?
    /// Members of the JSON object that this library does not know, kept as they are.
    public var unknownMembers: [Member] = []

    /// A snapshot.
    public init(
        snapshotID: Int64, parentSnapshotID: Int64?, sequenceNumber: Int64, timestampMs: Int64, manifestList: String,
        summary: Summary, schemaID: Int?
    ) {
        self.snapshotID = snapshotID
        self.parentSnapshotID = parentSnapshotID
        self.sequenceNumber = sequenceNumber
        self.timestampMs = timestampMs
        self.manifestList = manifestList
        self.summary = summary
        self.schemaID = schemaID
    }

    /// What a commit did: its operation, and counts and offsets as strings.
    public struct Summary: Equatable, Sendable {
        /// `append`, `replace`, `overwrite` or `delete`; empty if the file named none.
        public var operation: String
        /// Everything else, by name.
        public var properties: [String: String]

        /// A summary.
        public init(operation: String, properties: [String: String] = [:]) {
            self.operation = operation
            self.properties = properties
        }
    }

    /// A JSON member that is only carried along.
    public struct Member: Equatable, Sendable {
        /// Its name.
        public var name: String
        /// Its value.
        public var value: JSONValue

        /// A member.
        public init(name: String, value: JSONValue) {
            self.name = name
            self.value = value
        }
    }
}

/// A name for a snapshot: a branch, whose head moves, or a tag ("Snapshot References").
public struct SnapshotReference: Equatable, Sendable {
    /// What the name is for.
    public enum Kind: String, Sendable { case branch, tag }

    /// The snapshot.
    public var snapshotID: Int64
    /// Branch or tag.
    public var kind: Kind
    /// Of a branch: how many snapshots expiry keeps.
    public var minSnapshotsToKeep: Int?
    /// Of a branch: how old its snapshots may grow, in milliseconds.
    public var maxSnapshotAgeMs: Int64?
    /// How old the reference itself may grow, in milliseconds.
    public var maxRefAgeMs: Int64?

    /// A reference.
    public init(
        snapshotID: Int64, kind: Kind, minSnapshotsToKeep: Int? = nil, maxSnapshotAgeMs: Int64? = nil,
        maxRefAgeMs: Int64? = nil
    ) {
        self.snapshotID = snapshotID
        self.kind = kind
        self.minSnapshotsToKeep = minSnapshotsToKeep
        self.maxSnapshotAgeMs = maxSnapshotAgeMs
        self.maxRefAgeMs = maxRefAgeMs
    }
}
