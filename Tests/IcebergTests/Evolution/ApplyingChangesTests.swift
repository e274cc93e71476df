import Testing

@testable import Iceberg

/// The metadata that changes lead to, and the changes that are refused.
@Suite struct ApplyingChangesTests {
    static func table() throws -> TableMetadata {
        try TableMetadata.new(
            tableUUID: "0f1bbb1e-66ba-4a5e-9f0c-6d9d4bca1a6b", location: "file:///lake/db/t",
            columns: [
                NestedField(id: 0, name: "id", type: .int, isRequired: true),
                NestedField(id: 0, name: "price", type: .float, doc: "in euros"),
                NestedField(id: 0, name: "amount", type: .decimal(precision: 9, scale: 2)),
                NestedField(id: 0, name: "sent", type: .timestamp),
                NestedField(id: 0, name: "key", type: .long, isRequired: true),
            ], identifierColumns: ["key"], partition: [NewPartitionField(column: "sent", transform: .hour)],
            sort: [NewSortField(column: "sent")], properties: ["owner": "lake"], nowMs: 1)
    }

    private static func refusal(_ changes: [TableChange], of metadata: TableMetadata? = nil) throws -> IcebergError {
        let metadata = try metadata ?? table()
        return try #require(throws: IcebergError.self) { try metadata.applying(changes) }
    }

    @Test func noChangeIsTheSameVersion() throws {
        let table = try Self.table()
        #expect(try table.applying([]) == table)
        #expect(
            try table.applying([
                .widenColumn(name: "id", to: .int), .makeOptional(name: "price"),
                .setDoc(column: "price", doc: "in euros"), .setProperties(["owner": "lake"]),
                .removeProperties(["absent"]),
                .setPartition([PartitionTerm(column: "sent", transform: .hour, name: "sent_hour")]),
                .setSortOrder([
                    SortTerm(column: "sent", transform: .identity, direction: .ascending, nullOrder: .first)
                ]),
            ]) == table)
    }

    @Test func columnsGetFreshIDsThatAreNeverUsedAgain() throws {
        let first = try Self.table().applying([.addColumn(name: "a", type: .string, doc: "new")])
        #expect(first.currentSchema?.fields.last == NestedField(id: 6, name: "a", type: .string, doc: "new"))
        #expect(first.currentSchemaID == 1 && first.lastColumnID == 6)
        let dropped = try first.applying([.dropColumn(name: "a")])
        #expect(dropped.currentSchemaID == 0, "the schema is that of before, under its id")
        #expect(dropped.lastColumnID == 6)
        let again = try dropped.applying([.addColumn(name: "a", type: .string, doc: "new")])
        #expect(again.currentSchema?.field(named: "a")?.id == 7)
        #expect(again.schemas.map(\.schemaID) == [0, 1, 2])
    }

    @Test func nestedFieldsAreNumberedToo() throws {
        let type = Type.struct([
            NestedField(id: 1, name: "x", type: .int),
            NestedField(id: 1, name: "y", type: .list(elementID: 1, element: .string, elementRequired: false)),
        ])
        let next = try Self.table().applying([.addColumn(name: "s", type: type, doc: nil)])
        #expect(next.currentSchema?.allFieldIDs == [1, 2, 3, 4, 5, 6, 7, 8, 9])
        #expect(next.lastColumnID == 9)
    }

    @Test(arguments: [
        ("id", Type.long), ("price", .double), ("amount", .decimal(precision: 10, scale: 2)),
        ("amount", .decimal(precision: 38, scale: 2)),
    ])
    func typesWiden(name: String, type: Type) throws {
        let table = try Self.table()
        let next = try table.applying([.widenColumn(name: name, to: type)])
        #expect(next.currentSchema?.field(named: name)?.type == type)
        #expect(next.currentSchema?.field(named: name)?.id == table.currentSchema?.field(named: name)?.id)
        #expect(next.schemas.first == table.schemas.first)
    }

    @Test(arguments: [
        ("key", Type.int), ("id", .double), ("id", .string), ("price", .long), ("sent", .timestamptz),
        ("amount", .decimal(precision: 8, scale: 2)), ("amount", .decimal(precision: 12, scale: 3)),
        ("amount", .decimal(precision: 39, scale: 2)), ("sent", .date), ("absent", .long),
    ])
    func otherTypesAreRefused(name: String, type: Type) throws {
        let error = try Self.refusal([.widenColumn(name: name, to: type)])
        #expect(error.code == .invalid && error.context == [name])
    }

    @Test func whatIsInUseIsNotDropped() throws {
        #expect(try Self.refusal([.dropColumn(name: "key")]).context == ["key"])
        #expect(try Self.refusal([.makeOptional(name: "key")]).context == ["key"])
        #expect(try Self.refusal([.dropColumn(name: "absent")]).context == ["absent"])
        let partitioned = try Self.refusal([.dropColumn(name: "sent"), .setSortOrder([])])
        #expect(partitioned.context == ["sent"] && partitioned.message.contains("partitioned"))
        let sorted = try Self.refusal([.dropColumn(name: "sent"), .setPartition([])])
        #expect(sorted.context == ["sent"] && sorted.message.contains("sorted"))
        let once = try Self.refusal([.dropColumn(name: "sent"), .setPartition([]), .setSortOrder([])])
        #expect(once.context == ["sent"] && once.message.contains("once"), "an earlier spec needs it")
        let unsorted = try Self.table().applying([
            .addColumn(name: "n", type: .int, doc: nil),
            .setSortOrder([SortTerm(column: "n", transform: .identity, direction: .ascending, nullOrder: .first)]),
        ])
        let freed = try unsorted.applying([.dropColumn(name: "n"), .setSortOrder([])])
        #expect(freed.currentSchema?.field(named: "n") == nil && freed.defaultSortOrderID == 0)
    }

    @Test func partitionFieldsNamesAreTakenForGood() throws {
        let table = try Self.table().applying([.setPartition([])])
        #expect(table.defaultSpec?.fields == [] && table.defaultSpecID == 1)
        let error = try Self.refusal([.addColumn(name: "sent_hour", type: .int, doc: nil)], of: table)
        #expect(error.context == ["sent_hour"] && error.message.contains("once"))
    }

    @Test func theLastColumnStays() throws {
        let table = try TableMetadata.new(
            tableUUID: "u", location: "file:///t", columns: [NestedField(id: 0, name: "only", type: .int)], nowMs: 1)
        #expect(try Self.refusal([.dropColumn(name: "only")], of: table).context == ["only"])
    }

    @Test(arguments: [
        TableChange.addColumn(name: "id", type: .string, doc: nil), .addColumn(name: "", type: .string, doc: nil),
        .addColumn(name: "sent_hour", type: .string, doc: nil),
        .setPartition([PartitionTerm(column: "id", transform: .bucket(count: 4), name: "price")]),
        .setPartition([PartitionTerm(column: "price", transform: .bucket(count: 4), name: "p")]),
        .setPartition([PartitionTerm(column: "id", transform: .unknown("zorder"), name: "p")]),
        .setPartition([PartitionTerm(column: "absent", transform: .identity, name: "p")]),
        .setPartition([PartitionTerm(column: "id", transform: .identity, name: "")]),
        .setPartition([
            PartitionTerm(column: "id", transform: .identity, name: "p"),
            PartitionTerm(column: "key", transform: .identity, name: "p"),
        ]),
        .setPartition([
            PartitionTerm(column: "sent", transform: .day, name: "d"),
            PartitionTerm(column: "sent", transform: .hour, name: "h"),
        ]),
        .setPartition([
            PartitionTerm(column: "id", transform: .identity, name: "a"),
            PartitionTerm(column: "id", transform: .identity, name: "b"),
        ]),
        .setSortOrder([SortTerm(column: "id", transform: .hour, direction: .ascending, nullOrder: .first)]),
        .setSortOrder([
            SortTerm(column: "id", transform: .identity, direction: .ascending, nullOrder: .first),
            SortTerm(column: "id", transform: .identity, direction: .descending, nullOrder: .first),
        ]),
        .setProperties(["format-version": "3"]), .removeProperties(["swiftlake.offsets.stream"]),
        .setProperties(["swiftlake.state.windows": "{}"]), .setProperties(["": "x"]),
    ])
    func whatIcebergForbidsIsRefused(change: TableChange) throws {
        #expect([.invalid, .unsupported].contains(try Self.refusal([change]).code))
    }

    @Test func anIdentityFieldMayHaveItsColumnsName() throws {
        let next = try Self.table().applying([
            .setPartition([PartitionTerm(column: "id", transform: .identity, name: "id")])
        ])
        #expect(next.defaultSpec?.fields.map(\.fieldID) == [1001])
    }

    @Test func partitionFieldsKeepTheirIDs() throws {
        let hour = PartitionTerm(column: "sent", transform: .hour, name: "sent_hour")
        let bucket = PartitionTerm(column: "id", transform: .bucket(count: 4), name: "id_bucket")
        let table = try Self.table()
        let both = try table.applying([.setPartition([hour, bucket])])
        #expect(both.defaultSpecID == 1 && both.lastPartitionID == 1001)
        #expect(both.defaultSpec?.fields.map(\.fieldID) == [1000, 1001])
        let one = try both.applying([.setPartition([bucket])])
        #expect(one.defaultSpecID == 2 && one.defaultSpec?.fields.map(\.fieldID) == [1001])
        var renamed = bucket
        renamed.name = "b"
        let other = try one.applying([.setPartition([renamed, hour])])
        #expect(other.defaultSpec?.fields.map(\.fieldID) == [1001, 1000] && other.lastPartitionID == 1001)
        let back = try other.applying([.setPartition([hour])])
        #expect(back.defaultSpecID == 0 && back.partitionSpecs.count == 4)
    }

    @Test func sortOrdersAreUsedAgain() throws {
        let id = SortTerm(column: "id", transform: .identity, direction: .descending, nullOrder: .last)
        let sent = SortTerm(column: "sent", transform: .identity, direction: .ascending, nullOrder: .first)
        let table = try Self.table()
        #expect(table.defaultSortOrderID == 1)
        let unsorted = try table.applying([.setSortOrder([])])
        #expect(unsorted.defaultSortOrderID == 0 && unsorted.sortOrders.count == 2)
        let other = try unsorted.applying([.setSortOrder([id])])
        #expect(other.defaultSortOrderID == 2)
        #expect(try other.applying([.setSortOrder([sent])]).defaultSortOrderID == 1)
        // A column may be added and sorted by in one plan.
        let added = try table.applying([
            .setSortOrder([SortTerm(column: "n", transform: .identity, direction: .ascending, nullOrder: .first)]),
            .addColumn(name: "n", type: .int, doc: nil),
        ])
        #expect(added.defaultSortOrder?.fields.first?.sourceID == 6)
    }

    @Test func everythingElseStays() throws {
        var table = try Self.table()
        table.unknownMembers = [.init(name: "statistics", value: .array([]))]
        let next = try table.applying([
            .setDoc(column: "id", doc: "number"), .setDoc(column: "price", doc: nil),
            .setProperties(["a": "b"]), .removeProperties(["owner"]),
        ])
        #expect(next.properties == ["a": "b"])
        #expect(next.currentSchema?.fields.map(\.doc) == ["number", nil, nil, nil, nil])
        #expect(next.unknownMembers == table.unknownMembers && next.snapshots == table.snapshots)
        #expect(try TableMetadata(parsing: next.serialized()) == next)
    }
}
