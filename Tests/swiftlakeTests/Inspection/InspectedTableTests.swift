import Iceberg
import JSON
import Testing

@testable import swiftlake

/// A store without files: what is tested here reads none.
private struct NoStore: ObjectStore {
    func put(_ files: [NewFile]) -> [PutResult] { files.map { _ in .done } }
    func get(_ location: String) throws(IcebergError) -> [UInt8] { throw IcebergError(.notFound, "no file") }
    func delete(_ locations: [String]) -> [String] { [] }
    func list(_ prefix: String) throws(IcebergError) -> [StoredFile] { [] }
}

@Suite struct InspectedTableTests {
    private static let source = "arn:aws:kinesis:eu-west-1:1:stream/s"

    private func table(_ snapshots: [Snapshot] = []) -> InspectedTable {
        var metadata = TableMetadata(
            tableUUID: "u", location: "file:///w/db/t",
            schema: Schema(
                schemaID: 0,
                fields: [
                    NestedField(id: 1, name: "at", type: .timestamp, isRequired: true, doc: "when"),
                    NestedField(
                        id: 2, name: "tags", type: .list(elementID: 3, element: .string, elementRequired: false)),
                ]),
            partitionSpec: PartitionSpec(
                specID: 0, fields: [PartitionField(sourceID: 1, fieldID: 1000, name: "at_hour", transform: .hour)]),
            sortOrder: SortOrder(
                orderID: 1,
                fields: [SortOrder.Field(sourceID: 1, transform: .identity, direction: .descending, nullOrder: .last)]),
            properties: ["p": "v"], lastColumnID: 3, nowMs: 0)
        metadata.snapshots = snapshots
        return InspectedTable(
            identifier: TableIdentifier(namespace: "db", name: "t"), metadataLocation: "file:///w/db/t/m.json",
            metadata: metadata, store: NoStore())
    }

    private func snapshot(_ id: Int64, parent: Int64?, _ offsets: String, added: Int? = nil) -> Snapshot {
        var properties = ["swiftlake.offsets." + Self.source: offsets, "total-records": "1200"]
        if let added { properties["added-records"] = String(added) }
        return Snapshot(
            snapshotID: id, parentSnapshotID: parent, sequenceNumber: id, timestampMs: 1_767_571_200_000,
            manifestList: "m", summary: .init(operation: "append", properties: properties), schemaID: 0)
    }

    @Test func aTableWithoutSnapshotsIsDescribed() throws {
        #expect(
            try TableDescribeCommand.lines(table()) == [
                "table        db.t",
                "location     file:///w/db/t",
                "metadata     file:///w/db/t/m.json",
                "uuid         u",
                "rows         0 in 0 data files",
                "snapshots    0",
                "partitioned  by hour(at)",
                "sorted       by at desc nulls last",
                "",
                "id  column  type          required  comment",
                "──  ──────  ────────────  ────────  ───────",
                " 1  at      timestamp     yes       when",
                " 2  tags    list<string>  no        –",
                "",
                "property  value",
                "────────  ─────",
                "p         v",
            ])
        #expect(TableHistoryCommand.lines([], of: 0) == ["The table has no snapshots yet."])
        #expect(TableFilesCommand.lines([], table(), bounds: true) == ["The table has no data files yet."])
        #expect(try TableListCommand.lines([]) == ["The lake has no tables yet."])
    }

    @Test func historyShowsTheChainOfOffsetsAndItsGaps() throws {
        let table = table([
            snapshot(1, parent: nil, #"{"shard-0":[null,"1","4",1]}"#, added: 1000),
            snapshot(2, parent: 1, #"{"shard-0":["4","5","9",2],"shard-1":[null,"3","3",2]}"#, added: 200),
            snapshot(3, parent: 2, #"{"shard-0":["8","10","12",2],"shard-1":[null,"3","3",2]}"#),
        ])
        let history = table.history()
        #expect(history.map { $0.steps.map(\.shard) } == [["shard-0"], ["shard-0", "shard-1"], ["shard-0"]])
        let whole = history.map { entry in entry.steps.map(\.isWhole) }
        #expect(whole == [[true], [true, true], [false]])
        let lines = TableHistoryCommand.lines(Array(history.suffix(2)), of: 3)
        #expect(
            lines == [
                "committed (UTC)      snapshot  operation  rows added   rows  files  taken from  records",
                "───────────────────  ────────  ─────────  ──────────  ─────  ─────  ──────────  ─────────────",
                "2026-01-05 00:00:00         2  append            200  1,200      –  shard-0     5 to 9",
                "                                                                    shard-1     3",
                "2026-01-05 00:00:00         3  append              0  1,200      –  shard-0     10 to 12  gap",
                "(1 older snapshot not shown)",
            ])
    }

    @Test func commitsOfOtherEnginesMakeNoGaps() {
        var foreign = snapshot(2, parent: 1, "")
        foreign.summary.properties = ["total-records": "1"]
        let history = table([
            snapshot(1, parent: nil, #"{"shard-0":[null,"1","4",1],"shard-1":[null,"3","3",1]}"#), foreign,
            snapshot(3, parent: 2, #"{"shard-0":["4","5","9",2],"shard-1":[null,"3","3",1]}"#),
            // Rolled back to the first, and then gone on from there.
            snapshot(4, parent: 1, #"{"shard-0":["4","5","7",2],"shard-1":[null,"3","3",1]}"#),
            snapshot(5, parent: 4, #"{"shard-0":["9","10","12",2],"shard-1":[null,"3","3",1]}"#),
        ]).history()
        let shards = history.map { $0.steps.map(\.shard) }
        #expect(shards == [["shard-0", "shard-1"], [], ["shard-0"], ["shard-0"], ["shard-0"]])
        #expect(history.flatMap { $0.steps.map(\.isWhole) } == [true, true, true, true, false])
    }

    @Test func whatCameBeforeExpiredSnapshotsIsNoGap() {
        let offsets = #"{"shard-0":["4","5","9",2]}"#
        func isWhole(_ snapshot: Snapshot) -> [Bool] { table([snapshot]).history().flatMap { $0.steps.map(\.isWhole) } }
        #expect(isWhole(snapshot(7, parent: 6, offsets)) == [true])
        #expect(isWhole(snapshot(7, parent: nil, offsets)) == [true])
        #expect(isWhole(snapshot(1, parent: nil, offsets)) == [false])
    }

    @Test func scriptsGetTheSameAsJSON() throws {
        let table = table([snapshot(1, parent: nil, #"{"shard-0":[null,"1","4",1]}"#, added: 1000)])
        let text = TableHistoryCommand.json(table.history(), table).joined()
        let taken = try JSONValue(parsing: Array(text.utf8)).elements?.first?["taken"]?.elements?.first
        #expect(taken?["last"]?.string == "4")
        #expect(taken?["previous"] == .null)
        #expect(taken?["isWhole"]?.bool == true)
        let described = try JSONValue(parsing: Array(TableDescribeCommand.json(self.table()).joined().utf8))
        #expect(described["columns"]?.elements?.count == 2)
        #expect(described["partition"]?.elements?.first?["transform"]?.string == "hour")
    }

    @Test(arguments: [
        (Datum.boolean(true), "true"), (.int(-5), "-5"), (.double(1.5), "1.5"), (.date(1), "1970-01-02"),
        (.timestamp(1_500_000), "1970-01-01 00:00:01.500000"), (.timestamptz(0), "1970-01-01 00:00:00Z"),
        (.time(3_600_000_000), "01:00:00"), (.binary([0, 255]), "0x00ff"), (.string("a\nb"), "a␤b"),
        (.string(String(repeating: "x", count: 40)), String(repeating: "x", count: 31) + "…"),
    ])
    func valuesAreReadable(_ value: Datum, _ text: String) { #expect(DatumText.text(value) == text) }

    @Test func partitionValuesAreInTheUnitOfTheirTransform() {
        #expect(DatumText.partitionValue(.int(490_992), .hour) == "2026-01-05 00:00")
        #expect(DatumText.partitionValue(.int(20_458), .day) == "2026-01-05")
        #expect(DatumText.partitionValue(.date(20_458), .day) == "2026-01-05")
        #expect(DatumText.partitionValue(.int(56), .year) == "2026")
        #expect(DatumText.partitionValue(.string("x"), .identity) == "x")
        #expect(DatumText.partitionValue(nil, .hour) == "null")
    }
}
