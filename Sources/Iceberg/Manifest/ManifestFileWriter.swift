internal import Avro
internal import JSON

/// Writes one manifest of format version 2, entry by entry.
struct ManifestFileWriter: ~Copyable {
    /// The Avro schema of its records. Records of a manifest with the same one can be taken over byte by byte.
    let schemaText: [UInt8]
    private let content: ManifestFile.Content
    private let partition: PartitionRecord
    private var file: AvroFileWriter
    private var manifest: ManifestFile
    private var summaries: PartitionSummaries

    /// - Parameters:
    ///   - schema: the schema in which the spec's source columns are found.
    ///   - snapshotID: the snapshot that adds the manifest.
    ///   - path: where the manifest will lie.
    ///   - capacity: bytes that the records will need, about.
    init(
        spec: PartitionSpec, schema: Schema, snapshotID: Int64, content: ManifestFile.Content, path: String,
        capacity: Int
    ) throws(IcebergError) {
        guard let specID = Int32(exactly: spec.specID) else {
            throw IcebergError(.invalid, "the partition spec's id does not fit 32 bits")
        }
        // Everything that can fail comes before the first property is set.
        let partition = try PartitionRecord(spec: spec, schema: schema)
        self.content = content
        self.partition = partition
        schemaText = ManifestSchema.manifestEntry(partition, isDeletes: content == .deletes)
        file = AvroFileWriter(
            schema: schemaText, metadata: Self.metadata(spec, schema, content), capacity: capacity)
        var manifest = ManifestFile(
            manifestPath: path, manifestLength: 0, partitionSpecID: specID, addedSnapshotID: snapshotID)
        manifest.content = content
        manifest.sequenceNumber = ManifestFile.unassignedSequenceNumber
        manifest.minSequenceNumber = ManifestFile.unassignedSequenceNumber
        self.manifest = manifest
        summaries = PartitionSummaries(partition.fields.map(\.type))
    }

    /// Adds an entry.
    mutating func add(_ entry: ManifestEntry) throws(IcebergError) {
        try check(entry)
        let (partition, isDeletes) = (partition, content == .deletes)
        try file.record { encoder throws(IcebergError) in
            Self.writeHead(of: entry, to: &encoder)
            try Self.write(entry.dataFile, partition, isDeletes: isDeletes, to: &encoder)
        }
        count(entry)
    }

    /// Adds an entry of a manifest whose records have ``schemaText`` too.
    /// - Parameter dataFile: the entry's data file as it stands there, which is copied.
    mutating func add(_ entry: ManifestEntry, copying dataFile: ArraySlice<UInt8>) throws(IcebergError) {
        try check(entry)
        file.record { encoder in
            Self.writeHead(of: entry, to: &encoder)
            encoder.encoded(dataFile)
        }
        count(entry)
    }

    /// The whole file, and what a manifest list says of it.
    consuming func finish() -> (bytes: [UInt8], manifest: ManifestFile) {
        manifest.partitions = summaries.summaries
        var described = manifest
        let bytes = file.finish()
        described.manifestLength = Int64(bytes.count)
        return (bytes, described)
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

    private func check(_ entry: ManifestEntry) throws(IcebergError) {
        let path = entry.dataFile.filePath
        guard (entry.dataFile.content == .data) == (content == .data) else {
            throw IcebergError(.invalid, "data files and delete files do not share a manifest", at: path)
        }
        guard entry.status == .added || entry.sequenceNumber != nil && entry.fileSequenceNumber != nil else {
            throw IcebergError(.invalid, "an existing or deleted entry needs its sequence numbers", at: path)
        }
        guard entry.sequenceNumber != nil || entry.snapshotID == nil || entry.snapshotID == manifest.addedSnapshotID
        else {
            throw IcebergError(.invalid, "an entry of another snapshot needs its sequence number", at: path)
        }
    }

    private mutating func count(_ entry: ManifestEntry) {
        summaries.add(entry.dataFile.partition)
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

    private static func writeHead(of entry: ManifestEntry, to encoder: inout AvroEncoder) {
        encoder.long(entry.status.rawValue)
        encoder.optional(entry.snapshotID)
        encoder.optional(entry.sequenceNumber)
        encoder.optional(entry.fileSequenceNumber)
    }

    private static func write(
        _ file: DataFile, _ partition: PartitionRecord, isDeletes: Bool, to encoder: inout AvroEncoder
    ) throws(IcebergError) {
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
