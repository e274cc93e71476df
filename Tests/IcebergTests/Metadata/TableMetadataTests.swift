import JSON
import TestSupport
import Testing

@testable import Iceberg

@Suite struct TableMetadataTests {
    static func table() throws -> TableMetadata {
        try TableMetadata.new(
            tableUUID: "9c12d441-03fe-4693-9a96-a0705ddf69c1", location: "file:///lake/t/",
            columns: [
                NestedField(id: 0, name: "id", type: .long, isRequired: true),
                NestedField(id: 0, name: "sent", type: .timestamp),
            ],
            partition: [NewPartitionField(column: "sent", transform: .hour)], sort: [NewSortField(column: "id")],
            properties: ["k": "v\n\"é"], nowMs: 1_700_000_000_000)
    }

    static func table(snapshots: Int, properties: Int = 12) throws -> TableMetadata {
        var metadata = try table()
        for index in 0..<snapshots as Range<Int> {
            let id = Int64(index) + 1
            var summary = Snapshot.Summary(operation: "append")
            for number in 0..<properties { summary.properties["total-something-\(number)"] = "\(index * number)" }
            metadata.snapshots.append(
                Snapshot(
                    snapshotID: id, parentSnapshotID: index == 0 ? nil : id - 1, sequenceNumber: id,
                    timestampMs: 1_700_000_000_000 + id, manifestList: "file:///lake/t/metadata/snap-\(id).avro",
                    summary: summary, schemaID: 0))
            metadata.snapshotLog.append(.init(timestampMs: 1_700_000_000_000 + id, snapshotID: id))
            metadata.metadataLog.append(.init(timestampMs: id, metadataFile: "file:///lake/t/\(id).metadata.json"))
            metadata.currentSnapshotID = id
            metadata.lastSequenceNumber = id
        }
        if let head = metadata.currentSnapshotID {
            metadata.refs["main"] = SnapshotReference(snapshotID: head, kind: .branch, minSnapshotsToKeep: 3)
            metadata.refs["tag"] = SnapshotReference(snapshotID: 1, kind: .tag, maxRefAgeMs: 5)
        }
        return metadata
    }

    @Test(arguments: [0, 1, 50])
    func whatIsWrittenComesBack(snapshots: Int) throws {
        let metadata = try Self.table(snapshots: snapshots)
        let text = metadata.serialized()
        let read = try TableMetadata(parsing: text)
        #expect(read == metadata)
        #expect(read.serialized() == text)
    }

    @Test func ancestorsAreFoundInWhateverOrderTheyAreListed() throws {
        var metadata = try Self.table(snapshots: 50)
        let expected = Array(metadata.ancestry.map(\.snapshotID))
        #expect(expected == (1...50).reversed())
        var generator = SeededGenerator(seed: 3)
        metadata.snapshots.shuffle(using: &generator)
        #expect(metadata.ancestry.map(\.snapshotID) == expected)
        // A parent that has expired ends the walk, and a circle does not go on for ever.
        metadata.snapshots.removeAll { $0.snapshotID == 20 }
        #expect(metadata.ancestry.map(\.snapshotID) == (21...50).reversed())
        let oldest = try #require(metadata.snapshots.firstIndex { $0.snapshotID == 21 })
        metadata.snapshots[oldest].parentSnapshotID = 50
        #expect(metadata.ancestry.count == metadata.snapshots.count)
    }

    @Test func unknownMembersAreKept() throws {
        var text = String(decoding: try Self.table(snapshots: 1).serialized(), as: UTF8.self)
        text.removeLast()
        text += #","statistics":[{"snapshot-id":1,"n":1.50}],"new":{"b":null,"a":[true]}}"#
        text = text.replacing(#""schema-id":0}]"#, with: #""schema-id":0,"key-id":"k1"}]"#)
        let read = try TableMetadata(parsing: Array(text.utf8))
        #expect(read.unknownMembers.map(\.name) == ["statistics", "new"])
        #expect(read.snapshots[0].unknownMembers.map(\.name) == ["key-id"])
        let again = String(decoding: read.serialized(), as: UTF8.self)
        #expect(again.contains(#""statistics":[{"snapshot-id":1,"n":1.50}],"new":{"b":null,"a":[true]}"#))
        #expect(again.contains(#""key-id":"k1""#))
    }

    static let version1 = #"""
        {"format-version":1,"table-uuid":"d20125c8-7284-442c-9aea-15fee620737c","location":"s3://b/t",
         "last-updated-ms":1602638573874,"last-column-id":3,
         "schema":{"type":"struct","fields":[{"id":1,"name":"x","required":true,"type":"long"}]},
         "partition-spec":[{"name":"x","transform":"identity","source-id":1}],"properties":{},
         "current-snapshot-id":5,"snapshots":[{"snapshot-id":5,"timestamp-ms":1,"manifest-list":"s3://b/l.avro"}]}
        """#

    @Test func version1BecomesVersion2() throws {
        let read = try TableMetadata(parsing: Array(Self.version1.utf8))
        #expect(
            read.partitionSpecs == [
                PartitionSpec(
                    specID: 0,
                    fields: [
                        PartitionField(sourceID: 1, fieldID: 1000, name: "x", transform: .identity)
                    ])
            ])
        #expect(read.lastPartitionID == 1000 && read.lastSequenceNumber == 0 && read.sortOrders == [.unsorted])
        #expect(read.refs == ["main": SnapshotReference(snapshotID: 5, kind: .branch)])
        #expect(read.currentSnapshot?.sequenceNumber == 0)
        #expect(try TableMetadata(parsing: read.serialized()) == read)
    }

    @Test func anEmptyTableHasNoCurrentSnapshot() throws {
        let text = String(decoding: try Self.table().serialized(), as: UTF8.self)
        let member = #""current-snapshot-id":-1,"#
        #expect(text.contains(member))
        for replacement in [member, #""current-snapshot-id":null,"#, ""] {
            let read = try TableMetadata(parsing: Array(text.replacing(member, with: replacement).utf8))
            #expect(read.currentSnapshotID == nil && read.refs.isEmpty)
        }
    }

    @Test func laterVersionsAreUnsupported() {
        let text = Array(#"{"whatever":[1],"format-version":3}"#.utf8)
        #expect { try TableMetadata(parsing: text) } throws: {
            let error = $0 as? IcebergError
            return error?.code == .unsupported && error?.context == ["table metadata", "format-version"]
        }
    }

    @Test(arguments: [
        "format-version", "table-uuid", "location", "last-sequence-number", "last-updated-ms", "last-column-id",
        "current-schema-id", "schemas", "default-spec-id", "partition-specs", "last-partition-id",
        "default-sort-order-id",
    ])
    func whatIsMissingIsNamed(member: String) throws {
        let value = try JSONValue(parsing: try Self.table(snapshots: 1).serialized())
        let rest = JSONValue.object((value.members ?? []).filter { $0.name != member })
        #expect { try TableMetadata(parsing: rest.serialized()) } throws: {
            let error = $0 as? IcebergError
            return error?.code == .malformed && error?.message == "the member \(member) is missing"
        }
    }

    @Test(arguments: [
        (#""current-schema-id":0"#, #""current-schema-id":9"#, "current-schema-id"),
        (#""default-spec-id":0"#, #""default-spec-id":9"#, "default-spec-id"),
        (#""default-sort-order-id":1"#, #""default-sort-order-id":9"#, "default-sort-order-id"),
        (#""current-snapshot-id":2"#, #""current-snapshot-id":9"#, "current-snapshot-id"),
        (#""current-snapshot-id":2"#, #""current-snapshot-id":1"#, "refs"),
        (#""tag":{"snapshot-id":1"#, #""tag":{"snapshot-id":9"#, "refs"),
        (#""last-sequence-number":2"#, #""last-sequence-number":1"#, "last-sequence-number"),
        (#""snapshot-id":2,"parent"#, #""snapshot-id":1,"parent"#, "snapshots"),
        (#""location":"file:///lake/t""#, #""location":"""#, "location"),
        (#""location":"file:///lake/t""#, #""location":7"#, "location"),
        (#""last-column-id":2"#, #""last-column-id":"2""#, "last-column-id"),
        (#""last-column-id":2"#, #""last-column-id":2.5"#, "last-column-id"),
    ])
    func whatDoesNotFitTogetherIsNamed(old: String, new: String, member: String) throws {
        let text = String(decoding: try Self.table(snapshots: 2).serialized(), as: UTF8.self)
        #expect(text.contains(old))
        #expect { try TableMetadata(parsing: Array(text.replacing(old, with: new, maxReplacements: 1).utf8)) } throws: {
            let error = $0 as? IcebergError
            return error?.code == .malformed && (error?.context.contains(member) ?? false)
        }
    }

    @Test func everyTruncationIsRefused() throws {
        let text = try Self.table(snapshots: 2).serialized()
        for length in text.indices {
            #expect(throws: IcebergError.self) { try TableMetadata(parsing: Array(text[..<length])) }
        }
    }

    @Test func mutatedTextNeverTraps() throws {
        let text = try Self.table(snapshots: 2).serialized()
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<3000 {
            var bytes = text
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: index)
                default: bytes.insert(bytes[Int.random(in: 0..<bytes.count, using: &generator)], at: index)
                }
            }
            if let read = try? TableMetadata(parsing: bytes) {
                #expect(try TableMetadata(parsing: read.serialized()) == read)
            }
        }
    }

    @Test func corruptGzipIsMalformed() {
        #expect { try TableMetadata(parsing: [0x1F, 0x8B, 8, 0]) } throws: { ($0 as? IcebergError)?.code == .malformed }
    }
}

@Suite struct NewTableTests {
    @Test func idsAreFresh() throws {
        let metadata = try TableMetadataTests.table()
        #expect(metadata.currentSchema?.fields.map(\.id) == [1, 2])
        #expect(metadata.lastColumnID == 2 && metadata.lastPartitionID == 1000)
        #expect(metadata.location == "file:///lake/t")
        #expect(
            metadata.defaultSpec?.fields == [
                PartitionField(sourceID: 2, fieldID: 1000, name: "sent_hour", transform: .hour)
            ])
        #expect(metadata.sortOrders.map(\.orderID) == [0, 1])
    }

    @Test func columnsAreAddedInANewSchema() throws {
        var metadata = try TableMetadataTests.table()
        try metadata.addColumns([
            NestedField(id: 0, name: "x", type: .list(elementID: 0, element: .int, elementRequired: true))
        ])
        #expect(metadata.currentSchemaID == 1 && metadata.lastColumnID == 4)
        #expect(metadata.currentSchema?.fields.last?.type == .list(elementID: 4, element: .int, elementRequired: true))
        #expect(metadata.schemas.count == 2)
        try metadata.validate()
        #expect(throws: IcebergError.self) { try metadata.addColumns([NestedField(id: 0, name: "x", type: .int)]) }
        #expect(throws: IcebergError.self) {
            try metadata.addColumns([NestedField(id: 0, name: "y", type: .int, isRequired: true)])
        }
    }

    @Test func whatCannotBeMadeIsInvalid() {
        func make(_ columns: [NestedField], _ partition: [NewPartitionField], _ sort: [NewSortField] = []) throws {
            _ = try TableMetadata.new(
                tableUUID: "u", location: "file:///t", columns: columns, partition: partition, sort: sort, nowMs: 1)
        }
        let column = NestedField(id: 0, name: "a", type: .string)
        for attempt in [
            { try make([column, column], []) },
            { try make([column], [NewPartitionField(column: "b", transform: .identity)]) },
            { try make([column], [NewPartitionField(column: "a", transform: .hour)]) },
            { try make([column], [NewPartitionField(column: "a", transform: .bucket(count: 2), name: "a")]) },
            { try make([column], [], [NewSortField(column: "b")]) },
            { try make([NestedField(id: 0, name: "", type: .int)], []) },
        ] {
            #expect { try attempt() } throws: { ($0 as? IcebergError)?.code == .invalid }
        }
    }
}
