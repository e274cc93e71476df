import Testing

@testable import Iceberg

/// Commits of an engine that knows nothing of offsets: it deletes, overwrites and rewrites files, and moves branches.
struct ForeignWriter {
    let lake: LakeInMemory
    private static let base = TableIdentifier(namespace: "db", name: "t")

    init(_ lake: LakeInMemory) { self.lake = lake }

    /// Every live entry of a branch's head, with the manifest it is in.
    private func live(_ metadata: TableMetadata, _ head: Int64?) throws -> [(ManifestFile, ManifestEntry)] {
        guard let snapshot = head.flatMap(metadata.snapshot(id:)) else { return [] }
        return try ManifestList.parse(try lake.store.get(snapshot.manifestList)).flatMap { manifest in
            try ManifestReader.entries(
                try lake.store.get(manifest.manifestPath), of: manifest, metadata: metadata
            ).filter { $0.status != .deleted }.map { (manifest, $0) }
        }
    }

    /// Deletes some files and adds others, in a snapshot of its own.
    /// - Parameters:
    ///   - remove: whether the live file of this index goes.
    ///   - rows: the texts of files that come.
    func overwrite(
        _ operation: String = "overwrite", branch: String = "main", adding rows: [String] = [],
        remove: (Int) -> Bool
    ) throws {
        var metadata = try lake.fresh().metadata
        var environment = lake.environment()
        let id = Int64(truncatingIfNeeded: environment.random.next() >> 1)
        let sequenceNumber = metadata.lastSequenceNumber + 1
        let head = branch == "main" ? metadata.currentSnapshotID : metadata.refs[branch]?.snapshotID
        var removed: [ManifestEntry] = []
        var untouched: [ManifestFile] = []
        var existing: [ManifestEntry] = []
        let live = try live(metadata, head)
        var touched: Set<String> = []
        for (index, (manifest, _)) in live.enumerated() where remove(index) { touched.insert(manifest.manifestPath) }
        for (index, (manifest, entry)) in live.enumerated() {
            guard touched.contains(manifest.manifestPath) else {
                if untouched.last?.manifestPath != manifest.manifestPath { untouched.append(manifest) }
                continue
            }
            var entry = entry
            entry.sequenceNumber = entry.sequenceNumber ?? manifest.sequenceNumber
            entry.fileSequenceNumber = entry.fileSequenceNumber ?? manifest.sequenceNumber
            entry.status = remove(index) ? .deleted : .existing
            if remove(index) { entry.snapshotID = id }
            if remove(index) { removed.append(entry) } else { existing.append(entry) }
        }
        var added: [ManifestEntry] = []
        for text in rows {
            let location = "file:///lake/db/t/data/\(environment.uuid()).parquet"
            lake.store.files[location] = Array(text.utf8)
            let file = DataFile(
                filePath: location, partition: [], recordCount: 1, fileSizeInBytes: Int64(text.utf8.count))
            added.append(
                ManifestEntry(
                    status: .added, snapshotID: id, sequenceNumber: nil, fileSequenceNumber: nil, dataFile: file))
        }
        var manifests = untouched
        for entries in [added, existing + removed] where !entries.isEmpty {
            let path = "\(metadata.metadataDirectory)/\(environment.uuid())-foreign.avro"
            var written = EncodedManifest(
                try ManifestWriter.bytes(
                    entries: entries, spec: try #require(metadata.defaultSpec),
                    schema: try #require(metadata.currentSchema), snapshotID: id, path: path))
            written.file.sequenceNumber = sequenceNumber
            if written.file.minSequenceNumber == ManifestFile.unassignedSequenceNumber {
                written.file.minSequenceNumber = sequenceNumber
            }
            lake.store.files[path] = written.bytes
            manifests.append(written.file)
        }
        let list = "\(metadata.metadataDirectory)/snap-\(id)-foreign.avro"
        lake.store.files[list] = try ManifestList.bytes(
            manifests, snapshotID: id, parentSnapshotID: head, sequenceNumber: sequenceNumber)
        metadata.snapshots.append(
            Snapshot(
                snapshotID: id, parentSnapshotID: head, sequenceNumber: sequenceNumber,
                timestampMs: lake.clock.nowMs, manifestList: list, summary: .init(operation: operation), schemaID: 0))
        metadata.lastSequenceNumber = sequenceNumber
        if branch == "main" {
            metadata.currentSnapshotID = id
            metadata.snapshotLog.append(.init(timestampMs: lake.clock.nowMs, snapshotID: id))
        }
        var reference = metadata.refs[branch] ?? SnapshotReference(snapshotID: id, kind: .branch)
        reference.snapshotID = id
        metadata.refs[branch] = reference
        try replace(metadata)
    }

    /// Any other change of the metadata.
    func change(_ body: (inout TableMetadata) -> Void) throws {
        var metadata = try lake.fresh().metadata
        body(&metadata)
        try replace(metadata)
    }

    private func replace(_ metadata: TableMetadata) throws {
        var metadata = metadata
        var environment = lake.environment()
        let before = try #require(lake.catalog.tables[Self.base])
        metadata.metadataLog.append(.init(timestampMs: metadata.lastUpdatedMs, metadataFile: before))
        metadata.lastUpdatedMs = lake.clock.nowMs
        let location = "\(metadata.metadataDirectory)/00000-\(environment.uuid()).metadata.json"
        lake.store.files[location] = metadata.serialized()
        lake.catalog.tables[Self.base] = location
    }
}
