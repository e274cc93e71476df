/// A version of a table: its metadata file, and the manifests of its current snapshot.
struct TableState {
    /// Location of the metadata file, which names the version.
    var location: String
    /// Its content.
    var metadata: TableMetadata
    /// The current snapshot's manifest list; empty if there is no snapshot.
    var manifests: [ManifestFile]
    /// What the next snapshot inherits.
    let inherited: [String: String]
    /// Snapshots as they stand in the metadata file, as far as this process has written them.
    let texts: SnapshotTexts

    /// A version that has been read.
    init(location: String, metadata: TableMetadata, manifests: [ManifestFile]) {
        self.init(
            location: location, metadata: metadata, manifests: manifests, inherited: InheritedSummary.of(metadata),
            texts: SnapshotTexts())
    }

    /// A version that follows from another.
    init(
        location: String, metadata: TableMetadata, manifests: [ManifestFile], inherited: [String: String],
        texts: SnapshotTexts
    ) {
        self.location = location
        self.metadata = metadata
        self.manifests = manifests
        self.inherited = inherited
        self.texts = texts
    }
}
