import Columnar
import Iceberg
import Testing

@testable import Lake

@Suite struct TableDefinitionTests {
    private func table(_ members: String) throws -> TableDefinition {
        try #require(try SampleDefinition(table: members).parsed().tables.first)
    }

    @Test func columnsBecomeASchemaWithIdsFromOne() throws {
        let definition = try SampleDefinition(
            columns: #"[{"name": "a", "type": "long", "required": true, "doc": "d"}, {"name": "b", "type": "binary"}]"#
        ).parsed()
        #expect(
            definition.tables[0].icebergSchema()
                == Schema(
                    schemaID: 0,
                    fields: [
                        NestedField(id: 1, name: "a", type: .long, isRequired: true, doc: "d"),
                        NestedField(id: 2, name: "b", type: .binary),
                    ]))
    }

    @Test func partitionsBecomeFieldsFromOneThousand() throws {
        let spec = try table(#""partition": ["hour(at)", "bucket(16, id)", "truncate( 10 ,id )", "id", "day(at)"]"#)
            .partitionSpec()
        #expect(
            spec
                == PartitionSpec(
                    specID: 0,
                    fields: [
                        PartitionField(sourceID: 2, fieldID: 1000, name: "at_hour", transform: .hour),
                        PartitionField(sourceID: 1, fieldID: 1001, name: "id_bucket", transform: .bucket(count: 16)),
                        PartitionField(sourceID: 1, fieldID: 1002, name: "id_trunc", transform: .truncate(width: 10)),
                        PartitionField(sourceID: 1, fieldID: 1003, name: "id", transform: .identity),
                        PartitionField(sourceID: 2, fieldID: 1004, name: "at_day", transform: .day),
                    ]))
    }

    @Test func noPartitionIsAnEmptySpecAndNoSortTheUnsortedOrder() throws {
        #expect(try table("").partitionSpec() == PartitionSpec(specID: 0, fields: []))
        #expect(try table("").sortOrder() == .unsorted)
    }

    @Test(arguments: [
        ("at", SortOrder.Direction.ascending, SortOrder.NullOrder.first),
        ("at asc", .ascending, .first),
        ("at desc", .descending, .last),
        ("at nulls last", .ascending, .last),
        ("at  desc nulls  first", .descending, .first),
    ])
    func sortKeysHaveTheUsualDefaults(
        _ text: String, _ direction: SortOrder.Direction, _ nulls: SortOrder.NullOrder
    ) throws {
        let order = try table(#""sort": ["\#(text)"]"#).sortOrder()
        let field = SortOrder.Field(sourceID: 2, transform: .identity, direction: direction, nullOrder: nulls)
        #expect(order == SortOrder(orderID: 1, fields: [field]))
    }

    @Test(arguments: [
        "", "at asc desc", "at nulls", "at nulls up", "hour(at)x", "hour(at", "hour(at))", "hour()", "hour(at,id)",
        "bucket(0, id)", "bucket(-1, id)", "bucket(id)", "bucket(99999999999, id)", "bucket(x, id)", "void(at)",
    ])
    func otherSortKeysAreRefused(_ text: String) { #expect(SortKey(parsing: text) == nil) }

    @Test func retentionBecomesProperties() throws {
        let properties = try table(
            #""doc": "d", "retention": {"snapshotAge": "36h", "snapshots": 9, "minimumSnapshots": 2}, "properties": {"x": "y"}"#
        ).icebergProperties()
        #expect(
            properties == [
                "comment": "d", "x": "y", "write.format.default": "parquet",
                "write.parquet.compression-codec": "zstd", "history.expire.max-snapshot-age-ms": "129600000",
                "swiftlake.snapshots.max": "9", "history.expire.min-snapshots-to-keep": "2",
                "swiftlake.properties":
                    #"["comment","history.expire.max-snapshot-age-ms","history.expire.min-snapshots-to-keep","#
                    + #""swiftlake.snapshots.max","x"]"#,
            ])
    }

    @Test(
        arguments: [
            ("5d", 432_000_000), ("1h", 3_600_000), ("90m", 5_400_000), ("", nil), ("d", nil), ("0d", nil),
            ("05d", nil),
            ("-1d", nil), ("5", nil), ("5s", nil), ("9999999999999999d", nil), ("1.5d", nil),
        ] as [(String, Int64?)])
    func lengthsOfTimeAreDaysHoursOrMinutes(_ text: String, _ expected: Int64?) {
        #expect(RetentionDefinition.milliseconds(text) == expected)
    }

    @Test func decodingsFollowTheTablesSchema() throws {
        let table = try #require(
            try SampleDefinition(
                columns:
                    #"[{"name": "id", "type": "int"}, {"name": "at", "type": "timestamp", "timeFormat": "epoch_ms"}]"#
            ).parsed().tables.first)
        let schema = Schema(
            schemaID: 3,
            fields: [
                NestedField(id: 7, name: "at", type: .timestamp), NestedField(id: 2, name: "id", type: .int),
                NestedField(id: 9, name: "later", type: .uuid), NestedField(id: 10, name: "added", type: .string),
            ])
        #expect(
            try table.columnDecodings(for: schema) == [
                ColumnDecoding(field: Field(name: "at", type: .timestamp, id: 7), timeFormat: .epochMilliseconds),
                ColumnDecoding(field: Field(name: "id", type: .int, id: 2)),
                ColumnDecoding(field: Field(name: "added", type: .string, id: 10)),
            ])
    }

    @Test func aTableThatDiffersFromTheDefinitionIsRefused() throws {
        let schema = Schema(
            schemaID: 0,
            fields: [
                NestedField(id: 1, name: "id", type: .string),
                NestedField(id: 2, name: "c", type: .double),
                NestedField(id: 3, name: "u", type: .uuid, isRequired: true),
            ])
        let error = #expect(throws: DefinitionError.self) { try table("").columnDecodings(for: schema) }
        #expect(error?.problems.count == 3)
        #expect(error?.description.contains("is of type int in the definition") == true)
        #expect(error?.description.contains("lacks the column \"at\"") == true)
        #expect(error?.description.contains("run bootstrap-tables, which adds it") == true)
    }
}
