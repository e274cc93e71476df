internal import Avro

/// Writes and reads manifest lists: which manifests make up a snapshot.
public enum ManifestList {
    /// A manifest list of format version 2.
    ///
    /// A manifest whose sequence number is ``ManifestFile/unassignedSequenceNumber`` is the commit's own, and gets the
    /// commit's sequence number.
    /// - Throws: ``IcebergError/Code/invalid`` if such a manifest belongs to another snapshot.
    public static func bytes(
        _ manifests: [ManifestFile], snapshotID: Int64, parentSnapshotID: Int64?, sequenceNumber: Int64
    ) throws(IcebergError) -> [UInt8] {
        var file = AvroFileWriter(
            schema: ManifestSchema.manifestFile,
            metadata: [
                ("snapshot-id", "\(snapshotID)"),
                ("parent-snapshot-id", parentSnapshotID.map { "\($0)" } ?? "null"),
                ("sequence-number", "\(sequenceNumber)"), ("format-version", "2"),
            ], capacity: manifests.count * 256)
        for manifest in manifests {
            let unassigned = ManifestFile.unassignedSequenceNumber
            guard manifest.sequenceNumber != unassigned || manifest.addedSnapshotID == snapshotID else {
                throw IcebergError(
                    .invalid, "a manifest of another snapshot needs its sequence number", at: manifest.manifestPath)
            }
            file.record { encoder in
                write(
                    manifest, manifest.sequenceNumber == unassigned ? sequenceNumber : manifest.sequenceNumber,
                    manifest.minSequenceNumber == unassigned ? sequenceNumber : manifest.minSequenceNumber, to: &encoder
                )
            }
        }
        return file.finish()
    }

    private static func write(
        _ manifest: ManifestFile, _ sequenceNumber: Int64, _ minSequenceNumber: Int64, to encoder: inout AvroEncoder
    ) {
        encoder.string(manifest.manifestPath)
        encoder.long(manifest.manifestLength)
        encoder.long(manifest.partitionSpecID)
        encoder.long(manifest.content.rawValue)
        encoder.long(sequenceNumber)
        encoder.long(minSequenceNumber)
        encoder.long(manifest.addedSnapshotID)
        encoder.long(manifest.addedFilesCount)
        encoder.long(manifest.existingFilesCount)
        encoder.long(manifest.deletedFilesCount)
        encoder.long(manifest.addedRowsCount)
        encoder.long(manifest.existingRowsCount)
        encoder.long(manifest.deletedRowsCount)
        encoder.long(manifest.partitions == nil ? 0 : 1)
        if let partitions = manifest.partitions {
            if !partitions.isEmpty {
                encoder.long(partitions.count)
                for summary in partitions {
                    encoder.boolean(summary.containsNull)
                    encoder.long(summary.containsNaN == nil ? 0 : 1)
                    if let containsNaN = summary.containsNaN { encoder.boolean(containsNaN) }
                    encoder.optional(summary.lowerBound)
                    encoder.optional(summary.upperBound)
                }
            }
            encoder.long(0)
        }
        encoder.optional(manifest.keyMetadata)
    }

    // MARK: - Reading

    /// Reads a manifest list of format version 1 or 2. Counts that version 1 leaves out are 0.
    /// - Throws: ``IcebergError/Code/malformed``, and ``IcebergError/Code/unsupported`` for another compression.
    public static func parse(_ bytes: [UInt8]) throws(IcebergError) -> [ManifestFile] {
        do throws(AvroError) {
            var file = try AvroFileReader(bytes)
            guard case .record(let record) = file.schema else {
                throw AvroError(.malformed, "a manifest list's schema is no record")
            }
            var manifests: [ManifestFile] = []
            while let block = try file.nextBlock() {
                var decoder = AvroDecoder(block.bytes.span.bytes)
                manifests.reserveCapacity(manifests.count + block.count)
                for _ in 0..<block.count { manifests.append(try manifest(record, &decoder)) }
                try decoder.end()
            }
            return manifests
        } catch {
            throw IcebergError(error, at: "manifest list")
        }
    }

    private static func manifest(_ record: AvroRecord, _ decoder: inout AvroDecoder) throws(AvroError) -> ManifestFile {
        var manifest = ManifestFile(manifestPath: "", manifestLength: -1, partitionSpecID: 0, addedSnapshotID: -1)
        for field in record.fields {
            guard let type = try decoder.present(field.type) else { continue }
            switch field.id {
            case 500: manifest.manifestPath = try decoder.string(type)
            case 501: manifest.manifestLength = try decoder.long(type)
            case 502: manifest.partitionSpecID = try decoder.int(type)
            case 503: manifest.addedSnapshotID = try decoder.long(type)
            case 504: manifest.addedFilesCount = try decoder.int(type)
            case 505: manifest.existingFilesCount = try decoder.int(type)
            case 506: manifest.deletedFilesCount = try decoder.int(type)
            case 507:
                manifest.partitions = try decoder.list(type) { decoder, element throws(AvroError) in
                    try summary(element, &decoder)
                }
            case 512: manifest.addedRowsCount = try decoder.long(type)
            case 513: manifest.existingRowsCount = try decoder.long(type)
            case 514: manifest.deletedRowsCount = try decoder.long(type)
            case 515: manifest.sequenceNumber = try decoder.long(type)
            case 516: manifest.minSequenceNumber = try decoder.long(type)
            case 517:
                guard let content = ManifestFile.Content(rawValue: try decoder.int(type)) else {
                    throw AvroError(.malformed, "a manifest's content is neither data nor deletes")
                }
                manifest.content = content
            case 519: manifest.keyMetadata = try decoder.data(type)
            default: try decoder.skip(type)
            }
        }
        guard !manifest.manifestPath.isEmpty, manifest.manifestLength >= 0 else {
            throw AvroError(.malformed, "a manifest without manifest_path or manifest_length")
        }
        return manifest
    }

    private static func summary(
        _ type: AvroSchema, _ decoder: inout AvroDecoder
    ) throws(AvroError) -> ManifestFile.FieldSummary {
        var summary = ManifestFile.FieldSummary(containsNull: true, containsNaN: nil, lowerBound: nil, upperBound: nil)
        guard case .record(let record)? = try decoder.present(type) else {
            throw AvroError(.malformed, "a partition field's summary is no record")
        }
        for field in record.fields {
            guard let type = try decoder.present(field.type) else { continue }
            switch field.id {
            case 509: summary.containsNull = try decoder.boolean(type)
            case 510: summary.lowerBound = try decoder.data(type)
            case 511: summary.upperBound = try decoder.data(type)
            case 518: summary.containsNaN = try decoder.boolean(type)
            default: try decoder.skip(type)
            }
        }
        return summary
    }
}
