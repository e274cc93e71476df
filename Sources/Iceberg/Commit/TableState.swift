/// A version of a table: its metadata file, and the manifests of its current snapshot.
struct TableState {
    /// Location of the metadata file, which names the version.
    var location: String
    /// Its content.
    var metadata: TableMetadata
    /// The current snapshot's manifest list; empty if there is no snapshot.
    var manifests: [ManifestFile]

    /// A version.
    init(location: String, metadata: TableMetadata, manifests: [ManifestFile]) {
        self.location = location
        self.metadata = metadata
        self.manifests = manifests
    }
}
