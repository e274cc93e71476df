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
        // Snapshots have greater numbers than their ancestors, so what a snapshot inherits is known before it comes.
        let ordered = metadata.snapshots.sorted {
            ($0.sequenceNumber, $0.timestampMs) < ($1.sequenceNumber, $1.timestampMs)
        }
        var inherited: [Int64: InheritedOffsets] = [:]
        return ordered.map { snapshot in
            let before = snapshot.parentSnapshotID.flatMap { inherited[$0] } ?? InheritedOffsets(before: snapshot)
            inherited[snapshot.snapshotID] = before.overlaid(by: snapshot)
            return InspectedSnapshot(snapshot: snapshot, steps: before.steps(to: snapshot))
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
