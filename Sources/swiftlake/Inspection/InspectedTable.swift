internal import Iceberg

/// A table as its current metadata file describes it.
struct InspectedTable {
    let identifier: TableIdentifier
    let metadataLocation: String
    let metadata: TableMetadata
    let store: any ObjectStore

    /// The manifests of the current snapshot; none while the table is empty.
    func manifests() throws -> [ManifestFile] {
        guard let snapshot = metadata.currentSnapshot else { return [] }
        do {
            return try ManifestList.parse(try store.get(snapshot.manifestList))
        } catch {
            throw error.at("\(identifier)")
        }
    }

    /// The data files of the current snapshot, ordered by partition and then by when they were added.
    func files() throws -> [InspectedFile] {
        var files: [InspectedFile] = []
        for manifest in try manifests() where manifest.content == .data {
            guard let spec = metadata.partitionSpecs.first(where: { $0.specID == Int(manifest.partitionSpecID) }) else {
                throw CommandFailure(
                    "\(manifest.manifestPath): partition spec \(manifest.partitionSpecID) does not exist")
            }
            let entries = try ManifestReader.entries(
                try store.get(manifest.manifestPath), of: manifest, metadata: metadata)
            for entry in entries where entry.status != .deleted {
                files.append(InspectedFile(entry: entry, spec: spec))
            }
        }
        return files.sorted {
            ($0.partition, $0.entry.sequenceNumber ?? 0, $0.dataFile.filePath)
                < ($1.partition, $1.entry.sequenceNumber ?? 0, $1.dataFile.filePath)
        }
    }

    /// Rows of the current snapshot, by its manifest list.
    func rowCount() throws -> Int64 {
        try manifests().reduce(0) { $0 + ($1.content == .data ? $1.addedRowsCount + $1.existingRowsCount : 0) }
    }

    /// Data files of the current snapshot, by its manifest list.
    func fileCount() throws -> Int64 {
        try manifests().reduce(0) {
            $0 + ($1.content == .data ? Int64($1.addedFilesCount) + Int64($1.existingFilesCount) : 0)
        }
    }

    /// How far each source was taken, by source; the nearest snapshot that tells it counts.
    func watermarks() throws -> [Watermarks] {
        let names = (metadata.snapshots.map(\.summary.properties) + [metadata.properties]).flatMap(\.keys)
        let sources = Set(names.filter { $0.hasPrefix(Watermarks.keyPrefix) })
        return try sources.sorted().map {
            try Watermarks(of: String($0.dropFirst(Watermarks.keyPrefix.count)), in: metadata)
        }
    }

    /// The snapshots, oldest first, each with the records of every source that it took.
    func history() -> [InspectedSnapshot] {
        let ordered = metadata.snapshots.sorted { $0.sequenceNumber < $1.sequenceNumber }
        return ordered.map { snapshot in
            let parent = snapshot.parentSnapshotID.flatMap(metadata.snapshot(id:))
            return InspectedSnapshot(snapshot: snapshot, parent: parent)
        }
    }
}

/// A data file with the spec it was written under.
struct InspectedFile {
    let entry: ManifestEntry
    let spec: PartitionSpec

    var dataFile: DataFile { entry.dataFile }

    /// `timestamp_sent_hour=2026-01-05 13:00`, or nothing for an unpartitioned table.
    var partition: String {
        zip(spec.fields, partitionValues).map { "\($0.name)=\($1)" }.joined(separator: " ")
    }

    /// The partition values as text, one for each field of the spec.
    var partitionValues: [String] {
        zip(spec.fields, dataFile.partition).map { DatumText.partitionValue($1, $0.transform) }
    }

    /// The least and greatest value that a column may hold, as the manifest says.
    func bounds(of field: NestedField) -> (lower: Datum?, upper: Datum?) {
        func datum(_ bytes: [UInt8]?) -> Datum? { bytes.flatMap { try? Datum(singleValue: $0, type: field.type) } }
        return (datum(dataFile.lowerBounds[field.id]), datum(dataFile.upperBounds[field.id]))
    }
}

/// A snapshot, and what it took from its sources.
struct InspectedSnapshot {
    let snapshot: Snapshot
    let parent: Snapshot?

    /// One shard's records that a snapshot took.
    struct Step: Equatable {
        let source: String
        let shard: String
        let watermark: Watermark
    }

    /// The records that this snapshot took: the shards whose watermark differs from its parent's.
    var steps: [Step] {
        let before = Self.watermarks(parent)
        return Self.watermarks(snapshot).filter { !before.contains($0) }
    }

    private static func watermarks(_ snapshot: Snapshot?) -> [Step] {
        let properties = snapshot?.summary.properties ?? [:]
        return properties.keys.filter { $0.hasPrefix(Watermarks.keyPrefix) }.sorted().flatMap { key -> [Step] in
            let source = String(key.dropFirst(Watermarks.keyPrefix.count))
            guard let text = properties[key], let marks = try? Watermarks(source: source, parsing: text) else {
                return []
            }
            return marks.shards.sorted { $0.key < $1.key }.map {
                Step(source: source, shard: $0.key, watermark: $0.value)
            }
        }
    }

    /// A number of the summary, such as `added-records`.
    func count(_ name: String) -> Int64? { snapshot.summary.properties[name].flatMap { Int64($0) } }
}
