extension Table {
    /// The version that the catalog points at.
    func read() throws(IcebergError) -> TableState { try read(try catalog.load(identifier)) }

    /// The version of which the catalog has said this.
    func read(_ entry: CatalogEntry) throws(IcebergError) -> TableState {
        let location = entry.location
        let bytes: [UInt8]
        if let content = entry.metadata { bytes = content } else { bytes = try store.get(location) }
        let metadata = try TableMetadata(appendable: bytes, at: location)
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
