/// Writes manifests of format version 2.
public enum ManifestWriter {
    /// A manifest's bytes, and what a manifest list says of it.
    ///
    /// Added entries may leave their snapshot id and sequence numbers nil, to inherit them when they are read; so a
    /// manifest stays good when its commit is tried again on another base. The manifest's own sequence number is
    /// ``ManifestFile/unassignedSequenceNumber`` until ``ManifestList/bytes(_:snapshotID:parentSnapshotID:sequenceNumber:)``
    /// gives it the commit's.
    /// - Parameters:
    ///   - schema: the schema in which the spec's source columns are found.
    ///   - snapshotID: the snapshot that adds the manifest.
    ///   - path: where the manifest will lie.
    /// - Throws: ``IcebergError/Code/invalid`` if there is no entry, if an existing or deleted entry lacks a sequence
    ///   number, or if a partition tuple does not fit the spec.
    public static func bytes(
        entries: [ManifestEntry], spec: PartitionSpec, schema: Schema, snapshotID: Int64,
        content: ManifestFile.Content = .data, path: String
    ) throws(IcebergError) -> (bytes: [UInt8], manifest: ManifestFile) {
        guard !entries.isEmpty else { throw IcebergError(.invalid, "a manifest needs at least one entry", at: path) }
        do {
            var file = try ManifestFileWriter(
                spec: spec, schema: schema, snapshotID: snapshotID, content: content, path: path,
                capacity: entries.count * 256)
            for entry in entries { try file.add(entry) }
            return file.finish()
        } catch {
            throw error.at(path)
        }
    }
}

extension ManifestFile {
    /// The sequence number of a manifest that no commit has taken in yet.
    public static let unassignedSequenceNumber: Int64 = -1
}
