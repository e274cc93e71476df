import Avro
import TestSupport
import Testing

@testable import Iceberg

/// Entries that a merge copies byte by byte are those it would have written.
@Suite struct ManifestCopyTests {
    private static func metadata() throws -> TableMetadata {
        try TableMetadata.new(
            tableUUID: "9c12d441-03fe-4693-9a96-a0705ddf69c1", location: "file:///t",
            columns: [
                NestedField(id: 0, name: "name", type: .string), NestedField(id: 0, name: "sent", type: .timestamp),
            ],
            partition: [
                NewPartitionField(column: "sent", transform: .hour),
                NewPartitionField(column: "name", transform: .identity),
            ], nowMs: 1)
    }

    private static func entry(_ number: Int) -> ManifestEntry {
        var file = DataFile(
            filePath: "file:///t/data/\(number).parquet", partition: [.int(Int32(number)), nil],
            recordCount: Int64(number) + 1, fileSizeInBytes: 100)
        if number % 2 == 0 { file.partition[1] = .string("n\(number)") }
        file.columnSizes = [1: 5, 2: 6]
        file.valueCounts = [1: 7]
        file.lowerBounds = [1: [0x61], 2: [1, 2, 3, 4, 5, 6, 7, 8]]
        file.upperBounds = [1: [0x7A]]
        file.splitOffsets = [4, 1 << 40]
        file.sortOrderID = number == 3 ? 1 : nil
        return ManifestEntry(
            status: .added, snapshotID: 5, sequenceNumber: nil, fileSequenceNumber: nil, dataFile: file)
    }

    private static func manifest(_ numbers: Range<Int>, _ metadata: TableMetadata) throws -> (ManifestFile, [UInt8]) {
        let written = try ManifestWriter.bytes(
            entries: numbers.map(entry), spec: try #require(metadata.defaultSpec),
            schema: try #require(metadata.currentSchema), snapshotID: 5, path: "file:///t/metadata/\(numbers).avro")
        var file = written.manifest
        file.sequenceNumber = Int64(numbers.lowerBound) + 10
        return (file, written.bytes)
    }

    @Test func aMergeOfOurOwnManifestsIsWhatWouldHaveBeenWritten() throws {
        let metadata = try Self.metadata()
        let parts = try [0..<1, 1..<4, 4..<300].map { try Self.manifest($0, metadata) }
        let spec = try #require(metadata.defaultSpec)
        let schema = try #require(metadata.currentSchema)
        var expected: [ManifestEntry] = []
        var file = try ManifestFileWriter(
            spec: spec, schema: schema, snapshotID: 9, content: .data, path: "file:///t/metadata/m.avro", capacity: 0)
        var schemas = AvroSchemaCache()
        for (manifest, bytes) in parts {
            let read = try ManifestReader.read(
                bytes, of: manifest, metadata: metadata, &schemas, copyable: file.schemaText)
            for (item, whole) in zip(read, try ManifestReader.entries(bytes, of: manifest, metadata: metadata)) {
                #expect(item.entry.sequenceNumber == manifest.sequenceNumber)
                var entry = item.entry
                entry.status = .existing
                try file.add(entry, copying: try #require(item.dataFile))
                var same = whole
                same.status = .existing
                expected.append(same)
            }
        }
        let copied = file.finish()
        let written = try ManifestWriter.bytes(
            entries: expected, spec: spec, schema: schema, snapshotID: 9, path: "file:///t/metadata/m.avro")
        #expect(copied.bytes == written.bytes)
        #expect(copied.manifest == written.manifest)
        #expect(expected.count == 300)
    }

    @Test func anotherWritersEntriesAreReadInFull() throws {
        let metadata = try Self.metadata()
        let (manifest, bytes) = try Self.manifest(0..<2, metadata)
        var schemas = AvroSchemaCache()
        let read = try ManifestReader.read(bytes, of: manifest, metadata: metadata, &schemas, copyable: [1])
        #expect(read.allSatisfy { $0.dataFile == nil && $0.entry.dataFile.columnSizes == [1: 5, 2: 6] })
    }

    @Test func damageIsFoundWhileCopyingToo() throws {
        let metadata = try Self.metadata()
        let (manifest, bytes) = try Self.manifest(0..<3, metadata)
        let spec = try #require(metadata.defaultSpec)
        let text = ManifestSchema.manifestEntry(
            try PartitionRecord(spec: spec, schema: try #require(metadata.currentSchema)), isDeletes: false)
        var random = SeededGenerator(seed: 11)
        for round in 0..<2000 {
            var damaged = bytes
            if round % 2 == 0 {
                damaged.removeLast(Int.random(in: 1..<bytes.count, using: &random))
            } else {
                for _ in 0..<3 {
                    damaged[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
                }
            }
            var schemas = AvroSchemaCache()
            let read = try? ManifestReader.read(
                damaged, of: manifest, metadata: metadata, &schemas, copyable: text)
            for item in read ?? [] { #expect(item.entry.dataFile.recordCount >= 0) }
        }
    }
}
