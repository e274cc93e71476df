internal import Avro
internal import JSON

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
        guard let specID = Int32(exactly: spec.specID) else {
            throw IcebergError(.invalid, "the partition spec's id does not fit 32 bits", at: path)
        }
        var manifest = ManifestFile(
            manifestPath: path, manifestLength: 0, partitionSpecID: specID, addedSnapshotID: snapshotID)
        manifest.content = content
        manifest.sequenceNumber = ManifestFile.unassignedSequenceNumber
        manifest.minSequenceNumber = ManifestFile.unassignedSequenceNumber
        do {
            let partition = try PartitionRecord(spec: spec, schema: schema)
            var file = AvroFileWriter(
                schema: ManifestSchema.manifestEntry(partition, isDeletes: content == .deletes),
                metadata: metadata(spec, schema, content), capacity: entries.count * 256)
            var summaries = PartitionSummaries(partition.fields.map(\.type))
            for entry in entries {
                try check(entry, snapshotID, content)
                try file.record { encoder throws(IcebergError) in
                    try write(entry, partition, isDeletes: content == .deletes, to: &encoder)
                }
                count(entry, in: &manifest)
                summaries.add(entry.dataFile.partition)
            }
            manifest.partitions = summaries.summaries
            let bytes = file.finish()
            manifest.manifestLength = Int64(bytes.count)
            return (bytes, manifest)
        } catch {
            throw error.at(path)
        }
    }

    private static func metadata(
        _ spec: PartitionSpec, _ schema: Schema, _ content: ManifestFile.Content
    ) -> [(key: String, value: String)] {
        var fields = JSONWriter()
        spec.writeFields(to: &fields)
        return [
            ("schema", String(decoding: schema.serialized(), as: UTF8.self)), ("schema-id", "\(schema.schemaID)"),
            ("partition-spec", fields.text), ("partition-spec-id", "\(spec.specID)"), ("format-version", "2"),
            ("content", content == .data ? "data" : "deletes"),
        ]
    }

    private static func check(
        _ entry: ManifestEntry, _ snapshotID: Int64, _ content: ManifestFile.Content
    ) throws(IcebergError) {
        let path = entry.dataFile.filePath
        guard (entry.dataFile.content == .data) == (content == .data) else {
            throw IcebergError(.invalid, "data files and delete files do not share a manifest", at: path)
        }
        guard entry.status == .added || entry.sequenceNumber != nil && entry.fileSequenceNumber != nil else {
            throw IcebergError(.invalid, "an existing or deleted entry needs its sequence numbers", at: path)
        }
        guard entry.sequenceNumber != nil || entry.snapshotID == nil || entry.snapshotID == snapshotID else {
            throw IcebergError(.invalid, "an entry of another snapshot needs its sequence number", at: path)
        }
    }

    private static func count(_ entry: ManifestEntry, in manifest: inout ManifestFile) {
        let rows = entry.dataFile.recordCount
        switch entry.status {
        case .added:
            manifest.addedFilesCount += 1
            manifest.addedRowsCount &+= rows
        case .existing:
            manifest.existingFilesCount += 1
            manifest.existingRowsCount &+= rows
        case .deleted:
            manifest.deletedFilesCount += 1
            manifest.deletedRowsCount &+= rows
            return
        }
        // An entry that inherits gets the commit's number, which is above all others.
        guard let number = entry.sequenceNumber else { return }
        let least = manifest.minSequenceNumber
        manifest.minSequenceNumber = least == ManifestFile.unassignedSequenceNumber ? number : min(least, number)
    }

    // MARK: - Records

    private static func write(
        _ entry: ManifestEntry, _ partition: PartitionRecord, isDeletes: Bool, to encoder: inout AvroEncoder
    ) throws(IcebergError) {
        let file = entry.dataFile
        encoder.long(entry.status.rawValue)
        encoder.optional(entry.snapshotID)
        encoder.optional(entry.sequenceNumber)
        encoder.optional(entry.fileSequenceNumber)
        encoder.long(file.content.rawValue)
        encoder.string(file.filePath)
        encoder.string(file.fileFormat)
        try partition.write(file.partition, to: &encoder)
        encoder.long(file.recordCount)
        encoder.long(file.fileSizeInBytes)
        for counts in [file.columnSizes, file.valueCounts, file.nullValueCounts, file.nanValueCounts] {
            encoder.map(counts) { $0.long($1) }
        }
        encoder.map(file.lowerBounds) { $0.data($1) }
        encoder.map(file.upperBounds) { $0.data($1) }
        encoder.optional(file.keyMetadata)
        encoder.list(file.splitOffsets)
        encoder.list(file.equalityIDs)
        encoder.optional(file.sortOrderID)
        guard isDeletes else { return }
        encoder.long(file.referencedDataFile == nil ? 0 : 1)
        if let path = file.referencedDataFile { encoder.string(path) }
    }
}

extension ManifestFile {
    /// The sequence number of a manifest that no commit has taken in yet.
    public static let unassignedSequenceNumber: Int64 = -1
}

extension AvroEncoder {
    /// A number of a union with null, null first.
    mutating func optional(_ value: (some FixedWidthInteger)?) {
        long(value == nil ? 0 : 1)
        if let value { long(value) }
    }

    /// Bytes of a union with null, null first.
    mutating func optional(_ value: [UInt8]?) {
        long(value == nil ? 0 : 1)
        if let value { data(value) }
    }

    fileprivate mutating func list(_ values: [some FixedWidthInteger]?) {
        long(values == nil ? 0 : 1)
        guard let values else { return }
        if !values.isEmpty {
            long(values.count)
            for value in values { long(value) }
        }
        long(0)
    }

    /// A map with int keys, sorted so that equal manifests are equal byte by byte; null if it is empty.
    fileprivate mutating func map<Value>(_ values: [Int: Value], _ write: (inout AvroEncoder, Value) -> Void) {
        long(values.isEmpty ? 0 : 1)
        guard !values.isEmpty else { return }
        long(values.count)
        for (key, value) in values.sorted(by: { $0.key < $1.key }) {
            long(key)
            write(&self, value)
        }
        long(0)
    }
}
