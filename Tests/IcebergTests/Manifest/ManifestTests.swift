import TestSupport
import Testing

@testable import Avro
@testable import Iceberg

@Suite struct ManifestTests {
    static let types: [(Type, Datum)] = [
        (.boolean, .boolean(true)), (.int, .int(-7)), (.long, .long(.min)), (.float, .float(1.5)),
        (.double, .double(-0.0)),
        (.decimal(precision: 9, scale: 2), .decimal(unscaled: [0xFB, 0x2E], precision: 9, scale: 2)),
        (.date, .date(-1)),
        (.time, .time(86_399_999_999)), (.timestamp, .timestamp(-1)), (.timestamptz, .timestamptz(1)),
        (.string, .string("é")), (.uuid, .uuid(Array(0..<16))), (.fixed(length: 3), .fixed([1, 2, 3])),
        (.binary, .binary([0, 255])), (.uuid, .uuid(Array(16..<32))),
    ]

    /// A table with a column of each type, partitioned by each.
    static func table() throws -> TableMetadata {
        let columns = types.enumerated().map { NestedField(id: 0, name: "c\($0)", type: $1.0) }
        return try TableMetadata.new(
            tableUUID: "u", location: "file:///t", columns: columns,
            partition: columns.map { NewPartitionField(column: $0.name, transform: .identity, name: "1 \($0.name)/é") },
            nowMs: 1)
    }

    static func entry(_ index: Int, _ status: ManifestEntry.Status = .added) -> ManifestEntry {
        let tuple = types.enumerated().map { position, type in (index + position) % 5 == 0 ? nil : type.1 }
        var file = DataFile(filePath: "f\(index)", partition: tuple, recordCount: Int64(index), fileSizeInBytes: 10)
        file.columnSizes = [1: 5, 2: 6]
        file.valueCounts = [2: .max]
        file.nullValueCounts = [1: 0]
        file.nanValueCounts = [4: 1]
        file.lowerBounds = [1: [], 11: [1, 2]]
        file.upperBounds = [11: [255]]
        file.keyMetadata = index == 1 ? [7] : nil
        file.splitOffsets = index == 2 ? nil : [4, 1 << 40]
        file.equalityIDs = index == 3 ? [] : nil
        file.sortOrderID = index == 1 ? 1 : nil
        let number: Int64? = status == .added ? nil : Int64(index)
        return ManifestEntry(
            status: status, snapshotID: status == .added ? nil : 4, sequenceNumber: number, fileSequenceNumber: number,
            dataFile: file)
    }

    static func manifest(_ entries: [ManifestEntry]) throws -> (bytes: [UInt8], manifest: ManifestFile) {
        let metadata = try table()
        return try ManifestWriter.bytes(
            entries: entries, spec: try #require(metadata.defaultSpec), schema: try #require(metadata.currentSchema),
            snapshotID: 9, path: "m.avro")
    }

    @Test func entriesComeBackWithWhatTheyInherit() throws {
        let entries = [Self.entry(0), Self.entry(1), Self.entry(2, .existing), Self.entry(3, .deleted), Self.entry(5)]
        var (bytes, manifest) = try Self.manifest(entries)
        #expect(manifest.manifestLength == Int64(bytes.count) && manifest.manifestPath == "m.avro")
        #expect(manifest.sequenceNumber == ManifestFile.unassignedSequenceNumber && manifest.minSequenceNumber == 2)
        #expect(manifest.addedFilesCount == 3 && manifest.existingFilesCount == 1 && manifest.deletedFilesCount == 1)
        #expect(manifest.addedRowsCount == 6 && manifest.existingRowsCount == 2 && manifest.deletedRowsCount == 3)
        manifest.sequenceNumber = 12
        let read = try ManifestReader.entries(bytes, of: manifest, metadata: Self.table())
        let expected = entries.map { entry in
            var entry = entry
            entry.snapshotID = entry.snapshotID ?? 9
            entry.sequenceNumber = entry.sequenceNumber ?? 12
            entry.fileSequenceNumber = entry.fileSequenceNumber ?? 12
            return entry
        }
        #expect(read == expected)
    }

    @Test func summariesHoldTheRangeOfEachField() throws {
        let (_, manifest) = try Self.manifest((0..<5).map { Self.entry($0) })
        let summaries = try #require(manifest.partitions)
        #expect(summaries.count == Self.types.count)
        for (summary, type) in zip(summaries, Self.types) {
            #expect(summary.containsNull && summary.containsNaN == false)
            #expect(summary.lowerBound == type.1.singleValueBytes && summary.upperBound == type.1.singleValueBytes)
        }
        var summaries2 = PartitionSummaries([.double])
        for value in [Datum.double(.nan), .double(2), .double(-1)] { summaries2.add([value]) }
        #expect(
            summaries2.summaries == [
                ManifestFile.FieldSummary(
                    containsNull: false, containsNaN: true, lowerBound: Datum.double(-1).singleValueBytes,
                    upperBound: Datum.double(2).singleValueBytes)
            ])
    }

    @Test func theFileSaysWhatItIs() throws {
        let file = try AvroFileReader(try Self.manifest([Self.entry(0)]).bytes)
        #expect(file.text("format-version") == "2" && file.text("content") == "data")
        #expect(file.text("partition-spec-id") == "0" && file.text("schema-id") == "0")
        #expect(
            file.text("partition-spec")?.hasPrefix(#"[{"name":"1 c0/é","transform":"identity","source-id":1"#) == true)
        let schema = try Schema(parsing: try #require(file.metadata["schema"]))
        #expect(schema == (try Self.table().currentSchema))
    }

    @Test func unpartitionedManifestsHoldAnEmptyTuple() throws {
        var metadata = try Self.table()
        metadata.partitionSpecs = [.unpartitioned]
        var entry = Self.entry(1)
        entry.dataFile.partition = []
        let made = try ManifestWriter.bytes(
            entries: [entry], spec: .unpartitioned, schema: try #require(metadata.currentSchema), snapshotID: 1,
            path: "m")
        let read = try ManifestReader.entries(made.bytes, of: made.manifest, metadata: metadata)
        #expect(read.map(\.dataFile) == [entry.dataFile])
        #expect(made.manifest.partitions == [])
    }

    @Test func deleteManifestsNameTheirDataFile() throws {
        var entry = Self.entry(1)
        entry.dataFile.content = .positionDeletes
        entry.dataFile.referencedDataFile = "d"
        let metadata = try Self.table()
        let made = try ManifestWriter.bytes(
            entries: [entry], spec: try #require(metadata.defaultSpec), schema: try #require(metadata.currentSchema),
            snapshotID: 1, content: .deletes, path: "m")
        #expect(made.manifest.content == .deletes)
        let read = try ManifestReader.entries(made.bytes, of: made.manifest, metadata: metadata)
        #expect(read.map(\.dataFile) == [entry.dataFile])
    }

    @Test func entriesThatDoNotFitAreInvalid() throws {
        var wrongLength = Self.entry(0)
        wrongLength.dataFile.partition = []
        var wrongType = Self.entry(1)
        wrongType.dataFile.partition[1] = .string("x")
        var unnumbered = Self.entry(1, .existing)
        unnumbered.sequenceNumber = nil
        var foreign = Self.entry(1)
        foreign.snapshotID = 5
        var deletes = Self.entry(1)
        deletes.dataFile.content = .positionDeletes
        for entries in [[], [wrongLength], [wrongType], [unnumbered], [foreign], [deletes]] {
            #expect { try Self.manifest(entries) } throws: { ($0 as? IcebergError)?.code == .invalid }
        }
    }

    @Test func everyTruncationIsRefused() throws {
        let (bytes, manifest) = try Self.manifest([Self.entry(0), Self.entry(1)])
        let metadata = try Self.table()
        let header = try #require(bytes.firstRange(of: Array(bytes.suffix(16)))?.upperBound)
        for length in bytes.indices where length != header {
            #expect(throws: IcebergError.self) {
                try ManifestReader.entries(Array(bytes[..<length]), of: manifest, metadata: metadata)
            }
        }
    }

    @Test func mutatedManifestsNeverTrap() throws {
        let (bytes, manifest) = try Self.manifest((0..<4).map { Self.entry($0) })
        let metadata = try Self.table()
        var generator = SeededGenerator(seed: 11)
        let header = try #require(bytes.firstRange(of: Array(bytes.suffix(16)))?.upperBound)
        for round in 0..<1500 {
            var mutated = bytes
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                // Half the rounds spare the header, whose faults are found first.
                let index = Int.random(in: (round % 2 == 0 ? header : 0)..<bytes.count, using: &generator)
                mutated[index] = UInt8.random(in: 0...255, using: &generator)
            }
            _ = try? ManifestReader.entries(mutated, of: manifest, metadata: metadata)
        }
    }
}

@Suite struct ManifestListTests {
    static func manifests(_ count: Int) -> [ManifestFile] {
        (0..<count).map { index in
            var manifest = ManifestFile(
                manifestPath: "file:///t/m\(index).avro", manifestLength: 100, partitionSpecID: 0, addedSnapshotID: 5)
            manifest.sequenceNumber = Int64(index) + 1
            manifest.minSequenceNumber = 1
            manifest.addedFilesCount = 1
            manifest.addedRowsCount = .max
            manifest.content = index == 1 ? .deletes : .data
            manifest.keyMetadata = index == 2 ? [1] : nil
            manifest.partitions =
                index == 3
                ? nil
                : [
                    ManifestFile.FieldSummary(containsNull: true, containsNaN: nil, lowerBound: [1], upperBound: nil)
                ]
            return manifest
        }
    }

    @Test(arguments: [0, 1, 5, 2000])
    func listsComeBack(count: Int) throws {
        let manifests = Self.manifests(count)
        let bytes = try ManifestList.bytes(manifests, snapshotID: 7, parentSnapshotID: 5, sequenceNumber: 3000)
        #expect(try ManifestList.parse(bytes) == manifests)
        let file = try AvroFileReader(bytes)
        #expect(file.text("snapshot-id") == "7" && file.text("parent-snapshot-id") == "5")
        #expect(file.text("sequence-number") == "3000" && file.text("format-version") == "2")
    }

    @Test func theCommitsOwnManifestsGetItsSequenceNumber() throws {
        var own = Self.manifests(1)[0]
        own.sequenceNumber = ManifestFile.unassignedSequenceNumber
        own.minSequenceNumber = ManifestFile.unassignedSequenceNumber
        let bytes = try ManifestList.bytes([own], snapshotID: 5, parentSnapshotID: nil, sequenceNumber: 8)
        let read = try ManifestList.parse(bytes)[0]
        #expect(read.sequenceNumber == 8 && read.minSequenceNumber == 8)
        #expect { try ManifestList.bytes([own], snapshotID: 6, parentSnapshotID: nil, sequenceNumber: 8) } throws: {
            ($0 as? IcebergError)?.code == .invalid
        }
    }

    @Test func everyTruncationIsRefusedAndMutationsNeverTrap() throws {
        let bytes = try ManifestList.bytes(Self.manifests(4), snapshotID: 7, parentSnapshotID: nil, sequenceNumber: 9)
        let header = try #require(bytes.firstRange(of: Array(bytes.suffix(16)))?.upperBound)
        for length in bytes.indices where length != header {
            #expect(throws: IcebergError.self) { try ManifestList.parse(Array(bytes[..<length])) }
        }
        var generator = SeededGenerator(seed: 13)
        for _ in 0..<1500 {
            var mutated = bytes
            mutated[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            _ = try? ManifestList.parse(mutated)
        }
    }
}
