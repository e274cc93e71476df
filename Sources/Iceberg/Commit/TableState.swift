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

    /// The version alone.
    var version: TableVersion { TableVersion(location: location, metadata: metadata) }

    /// This proposed state as the catalog wrote it; nil if the catalog's answer shows something else.
    func written(as entry: CatalogEntry) -> TableState? {
        guard let bytes = entry.metadata, let written = try? TableMetadata(appendable: bytes, at: entry.location),
            written.currentSnapshot?.manifestList == metadata.currentSnapshot?.manifestList
        else { return nil }
        return TableState(
            location: entry.location, metadata: written, manifests: manifests, inherited: inherited, texts: texts)
    }

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
