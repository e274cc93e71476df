internal import Avro

/// Small manifests that an append rewrites as one, so that a manifest list stays short however long the history grows.
struct ManifestMerge {
    /// The manifests to be merged.
    let manifests: [ManifestFile]

    /// Chooses among a version's data manifests of the default partition spec; nil while there are few small ones.
    ///
    /// The smallest go first, and a large one only once those before it are as large together. So the sizes of merged
    /// manifests double, and an entry is rewritten a few times in its life instead of at each merge.
    init?(of state: TableState, _ settings: CommitSettings) {
        guard settings.mergesManifests else { return nil }
        let small = state.manifests.filter {
            $0.content == .data && Int($0.partitionSpecID) == state.metadata.defaultSpecID
                && $0.keyMetadata == nil && $0.manifestLength >= 0
                && $0.manifestLength < settings.manifestTargetBytes
        }
        // The append's own manifest is one more.
        guard small.count + 1 > settings.manifestsToMerge else { return nil }
        var chosen: [ManifestFile] = []
        var bytes: Int64 = 0
        for manifest in small.sorted(by: { $0.manifestLength < $1.manifestLength }) {
            let isFew = chosen.count < max(2, settings.manifestsToMerge / 2)
            guard bytes + manifest.manifestLength <= settings.manifestTargetBytes,
                isFew || manifest.manifestLength <= bytes
            else { break }
            chosen.append(manifest)
            bytes += manifest.manifestLength
        }
        guard chosen.count > 1 else { return nil }
        manifests = chosen
    }

    /// The manifest of all live entries, each with its own snapshot id and sequence numbers written out.
    /// - Parameter contents: the manifests' bytes, in order.
    func merged(
        _ contents: [[UInt8]], metadata: TableMetadata, snapshotID: Int64, location: String
    ) throws(IcebergError) -> MergedManifest {
        guard let schema = metadata.currentSchema, let spec = metadata.defaultSpec, contents.count == manifests.count
        else { throw IcebergError(.malformed, "the manifests to be merged were not all read") }
        var file = try ManifestFileWriter(
            spec: spec, schema: schema, snapshotID: snapshotID, content: .data, path: location,
            capacity: contents.reduce(0) { $0 + $1.count })
        var schemas = AvroSchemaCache()
        var isEmpty = true
        for (manifest, bytes) in zip(manifests, contents) {
            let read = try ManifestReader.read(
                bytes, of: manifest, metadata: metadata, &schemas, copyable: file.schemaText)
            for var item in read where item.entry.status != .deleted {
                item.entry.status = .existing
                item.entry.snapshotID = item.entry.snapshotID ?? manifest.addedSnapshotID
                item.entry.sequenceNumber = item.entry.sequenceNumber ?? manifest.sequenceNumber
                item.entry.fileSequenceNumber = item.entry.fileSequenceNumber ?? manifest.sequenceNumber
                isEmpty = false
                if let dataFile = item.dataFile {
                    try file.add(item.entry, copying: dataFile)
                } else {
                    try file.add(item.entry)
                }
            }
        }
        let replaced = Set(manifests.map(\.manifestPath))
        return MergedManifest(manifest: isEmpty ? nil : EncodedManifest(file.finish()), replaced: replaced)
    }
}

/// A manifest made of others.
struct MergedManifest {
    /// Nil if they held nothing but deleted entries.
    var manifest: EncodedManifest?
    /// Locations of those it replaces.
    var replaced: Set<String>
}
