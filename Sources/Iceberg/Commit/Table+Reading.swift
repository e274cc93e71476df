extension Table {
    /// The version that the catalog points at.
    func read() throws(IcebergError) -> TableState {
        let location = try catalog.currentMetadata(of: identifier)
        let metadata = try TableMetadata(appendable: try store.get(location), at: location)
        var manifests: [ManifestFile] = []
        if let snapshot = metadata.currentSnapshot {
            manifests = try self.manifests(snapshot.manifestList)
        }
        return TableState(location: location, metadata: metadata, manifests: manifests)
    }

    /// The manifests in a manifest list.
    func manifests(_ list: String) throws(IcebergError) -> [ManifestFile] {
        let bytes = try store.get(list)
        do {
            return try ManifestList.parse(bytes)
        } catch {
            throw error.at(list)
        }
    }
}
