internal import Avro

/// Reads manifests of format versions 1 and 2. Fields are found by their ids, in whatever order and with whatever else
/// the writer's schema has.
public enum ManifestReader {
    /// All entries, deleted ones too, with what they inherit from the manifest filled in ("Sequence Number Inheritance").
    /// - Parameters:
    ///   - manifest: what the manifest list says of it.
    ///   - metadata: where its partition spec is found.
    /// - Throws: ``IcebergError/Code/malformed``, and ``IcebergError/Code/unsupported`` for another compression.
    public static func entries(
        _ bytes: [UInt8], of manifest: ManifestFile, metadata: TableMetadata
    ) throws(IcebergError) -> [ManifestEntry] {
        var schemas = AvroSchemaCache()
        return try read(bytes, of: manifest, metadata: metadata, &schemas).map(\.entry)
    }

    /// An entry, and its data file as it stands in the manifest if it is to be copied.
    struct ReadEntry {
        var entry: ManifestEntry
        var dataFile: ArraySlice<UInt8>?
    }

    /// All entries, with the schemas of manifests read before.
    /// - Parameter copyable: an Avro schema. Where the manifest has this one, its data files are to be copied as they
    ///   stand, and only what a new manifest counts is read of them.
    static func read(
        _ bytes: [UInt8], of manifest: ManifestFile, metadata: TableMetadata, _ schemas: inout AvroSchemaCache,
        copyable: [UInt8]? = nil
    ) throws(IcebergError) -> [ReadEntry] {
        guard let spec = metadata.partitionSpecs.first(where: { $0.specID == Int(manifest.partitionSpecID) }) else {
            throw IcebergError(
                .malformed, "partition spec \(manifest.partitionSpecID) does not exist", at: manifest.manifestPath)
        }
        let types = spec.fields.map { metadata.resultType(of: $0) }
        do throws(AvroError) {
            var file = try AvroFileReader(bytes, schemas: &schemas)
            guard case .record(let record) = file.schema else {
                throw AvroError(.malformed, "a manifest's schema is no record")
            }
            let isCopied = copyable != nil && file.metadata["avro.schema"] == copyable
            let reader = EntryReader(spec: spec, types: types, isCopied: isCopied)
            var entries: [ReadEntry] = []
            while let block = try file.nextBlock() {
                var decoder = AvroDecoder(block.bytes.span.bytes)
                entries.reserveCapacity(entries.count + block.count)
                for _ in 0..<block.count {
                    var (entry, place) = try reader.entry(record, &decoder)
                    inherit(from: manifest, &entry)
                    entries.append(ReadEntry(entry: entry, dataFile: isCopied ? block.bytes[place] : nil))
                }
                try decoder.end()
            }
            return entries
        } catch {
            throw IcebergError(error, at: manifest.manifestPath)
        }
    }

    /// Sequence number 0 is that of a manifest from format version 1, all of whose entries have it.
    private static func inherit(from manifest: ManifestFile, _ entry: inout ManifestEntry) {
        if entry.snapshotID == nil { entry.snapshotID = manifest.addedSnapshotID }
        guard entry.status == .added || manifest.sequenceNumber == 0 else { return }
        if entry.sequenceNumber == nil { entry.sequenceNumber = manifest.sequenceNumber }
        if entry.fileSequenceNumber == nil { entry.fileSequenceNumber = manifest.sequenceNumber }
    }
}

extension TableMetadata {
    /// The type of a partition field's values, under the newest schema that has its column; nil if none does.
    func resultType(of field: PartitionField) -> Type? {
        if let schema = currentSchema, schema.nestedField(id: field.sourceID) != nil {
            return try? field.resultType(in: schema)
        }
        let schema = schemas.last { $0.nestedField(id: field.sourceID) != nil }
        return schema.flatMap { try? field.resultType(in: $0) }
    }
}

/// Reads one record of a manifest after the other.
private struct EntryReader {
    let spec: PartitionSpec
    let types: [Type?]
    /// Whether metrics and the like are passed over.
    let isCopied: Bool

    /// An entry, and where its data file stands.
    func entry(
        _ record: AvroRecord, _ decoder: inout AvroDecoder
    ) throws(AvroError) -> (ManifestEntry, Range<Int>) {
        var place = 0..<0
        var status: ManifestEntry.Status?
        var entry = ManifestEntry(
            status: .added, snapshotID: nil, sequenceNumber: nil, fileSequenceNumber: nil,
            dataFile: DataFile(filePath: "", partition: [], recordCount: -1, fileSizeInBytes: -1))
        for field in record.fields {
            guard let type = try decoder.present(field.type) else { continue }
            switch field.id {
            case 0: status = ManifestEntry.Status(rawValue: try decoder.int(type))
            case 1: entry.snapshotID = try decoder.long(type)
            case 2:
                let start = decoder.position
                entry.dataFile = try dataFile(type, &decoder)
                place = start..<decoder.position
            case 3: entry.sequenceNumber = try decoder.long(type)
            case 4: entry.fileSequenceNumber = try decoder.long(type)
            default: try decoder.skip(type)
            }
        }
        guard let status else { throw AvroError(.malformed, "an entry's status is missing or unknown") }
        guard !entry.dataFile.filePath.isEmpty else { throw AvroError(.malformed, "an entry without its data file") }
        entry.status = status
        return (entry, place)
    }

    private func dataFile(_ type: AvroSchema, _ decoder: inout AvroDecoder) throws(AvroError) -> DataFile {
        guard case .record(let record) = type else { throw AvroError(.malformed, "a data file is no record") }
        var file = DataFile(
            filePath: "", partition: Array(repeating: nil, count: spec.fields.count), recordCount: -1,
            fileSizeInBytes: -1)
        for field in record.fields {
            guard let type = try decoder.present(field.type) else { continue }
            switch field.id {
            case 100: file.filePath = try decoder.string(type)
            case 101: file.fileFormat = try decoder.string(type).uppercased()
            case 102: file.partition = try tuple(type, &decoder)
            case 103: file.recordCount = try decoder.long(type)
            case 104: file.fileSizeInBytes = try decoder.long(type)
            case 134:
                guard let content = DataFile.Content(rawValue: try decoder.int(type)) else {
                    throw AvroError(.malformed, "a data file's content is unknown")
                }
                file.content = content
            case _ where isCopied: try decoder.skip(type)
            default: try metrics(field.id, type, &decoder, of: &file)
            }
        }
        guard file.recordCount >= 0, file.fileSizeInBytes >= 0 else {
            throw AvroError(.malformed, "a data file without record_count or file_size_in_bytes")
        }
        return file
    }

    private func metrics(
        _ id: Int?, _ type: AvroSchema, _ decoder: inout AvroDecoder, of file: inout DataFile
    ) throws(AvroError) {
        func counts(_ decoder: inout AvroDecoder) throws(AvroError) -> [Int: Int64] {
            try decoder.map(type) { decoder, type throws(AvroError) in try decoder.long(type) }
        }
        func bounds(_ decoder: inout AvroDecoder) throws(AvroError) -> [Int: [UInt8]] {
            try decoder.map(type) { decoder, type throws(AvroError) in try decoder.data(type) }
        }
        switch id {
        case 108: file.columnSizes = try counts(&decoder)
        case 109: file.valueCounts = try counts(&decoder)
        case 110: file.nullValueCounts = try counts(&decoder)
        case 137: file.nanValueCounts = try counts(&decoder)
        case 125: file.lowerBounds = try bounds(&decoder)
        case 128: file.upperBounds = try bounds(&decoder)
        case 131: file.keyMetadata = try decoder.data(type)
        case 132:
            file.splitOffsets = try decoder.list(type) { decoder, type throws(AvroError) in try decoder.long(type) }
        case 135:
            file.equalityIDs = try decoder.list(type) { decoder, type throws(AvroError) in try decoder.int(type) }
        case 140: file.sortOrderID = try decoder.int(type)
        case 143: file.referencedDataFile = try decoder.string(type)
        default: try decoder.skip(type)
        }
    }

    /// The partition tuple in the spec's order; a field that the file lacks is null.
    private func tuple(_ type: AvroSchema, _ decoder: inout AvroDecoder) throws(AvroError) -> [Datum?] {
        guard case .record(let record) = type else { throw AvroError(.malformed, "a partition tuple is no record") }
        var tuple: [Datum?] = Array(repeating: nil, count: spec.fields.count)
        for (position, field) in record.fields.enumerated() {
            // Manifests of format version 1 may lack the ids that specs have now; then the order tells.
            let index =
                field.id.map { id in spec.fields.firstIndex { $0.fieldID == id } }
                ?? (position < spec.fields.count ? position : nil)
            guard let present = try decoder.present(field.type) else { continue }
            if let index {
                tuple[index] = try decoder.datum(present, expected: types[index])
            } else {
                try decoder.skip(present)
            }
        }
        return tuple
    }
}
