import Iceberg
@testable import Lake
import LambdaRuntime
import Testing

/// Events that are well formed, yet unlike those of every day.
@Suite("Ingest of unusual events")
struct UnusualEventsTests {
    private static func replacing(_ event: [UInt8], _ old: String, _ new: String) -> [UInt8] {
        Array(String(decoding: event, as: UTF8.self).replacing(old, with: new).utf8)
    }

    @Test(arguments: ["9000000000000000", "-9000000000000000", "-1.5", "0", "1e15", "253402300800"])
    func takesBadRecordsOfAnyArrivalTime(time: String) throws {
        let lake = try TemporaryLake()
        let event = Self.replacing(
            TemporaryLake.event(["no"]), "\"approximateArrivalTimestamp\":1000.001",
            "\"approximateArrivalTimestamp\":\(time)")
        for _ in 0..<2 { #expect(try lake.ingest(event) == nil) }
        #expect(try lake.rows("lake_db.dead_letters") == 1)
    }

    @Test func takesSequenceNumbersWithLeadingZeros() throws {
        let lake = try TemporaryLake()
        let event = Self.replacing(
            TemporaryLake.event(["{\"id\":1}", "no", "{\"id\":2}"]), "\"sequenceNumber\":\"",
            "\"sequenceNumber\":\"000")
        for _ in 0..<2 { #expect(try lake.ingest(event) == nil) }
        #expect(try lake.rows() == 2)
        #expect(try lake.rows("lake_db.dead_letters") == 1)
    }

    @Test func countsTheSecondRecordOfOneSequenceNumber() throws {
        let event = Self.replacing(
            TemporaryLake.event(["{\"id\":1}", "{\"id\":2}"]), "\"sequenceNumber\":\"2\"", "\"sequenceNumber\":\"01\"")
        let shard = ShardRecords(shard: "s", records: try KinesisEvent(EventBuffer(event)).records)
        #expect(shard.records.count == 1)
        #expect(shard.duplicates == 1)
    }

    @Test(arguments: ["ascii", "escaped"]) func takesPartitionValuesTooLongForAFolder(kind: String) throws {
        let lake = try TemporaryLake(edit: {
            $0.replacing(
                "{\"name\":\"name\",\"type\":\"string\"}]}",
                with: "{\"name\":\"name\",\"type\":\"string\"}],\"partition\":[\"name\",\"truncate(200, name)\"]}")
        })
        let long = String(repeating: kind == "escaped" ? "ü/" : "x", count: 5000)
        let event = TemporaryLake.event(["{\"id\":1,\"name\":\"\(long)\"}", "{\"id\":2,\"name\":\"\(long)y\"}"])
        for _ in 0..<2 { #expect(try lake.ingest(event) == nil) }
        #expect(try lake.rows() == 2)
    }

    @Test func makesProgressWithTheShortestTimeout() throws {
        let lake = try TemporaryLake()
        lake.timeMs = 1000
        #expect(try lake.ingest(TemporaryLake.event(["{\"id\":1}"])) == nil)
        #expect(try lake.rows() == 1)
    }

    @Test func namesTheLowestRecordOfSeveralShards() throws {
        let catalog = Switch()
        let lake = try TemporaryLake(catalog: { real in FailingCatalog(real: real, isBroken: catalog) })
        _ = try lake.ingest(TemporaryLake.event(["{\"id\":1}"]))
        catalog.isOn = true
        let one = String(decoding: TemporaryLake.event(["{\"id\":2}", "{\"id\":3}"], first: 200), as: UTF8.self)
        let two = String(
            decoding: TemporaryLake.event(["{\"id\":4}", "no"], first: 30, shard: "shardId-000000000001"),
            as: UTF8.self)
        let mixed = Array((one.dropLast(2) + "," + two.dropFirst("{\"Records\":[".count)).utf8)
        #expect(try lake.ingest(mixed) == "30")
        catalog.isOn = false
        for _ in 0..<2 { #expect(try lake.ingest(mixed) == nil) }
        #expect(try lake.rows() == 4)
        #expect(try lake.rows("lake_db.dead_letters") == 1)
    }

    @Test func keepsTheDeadLettersOfEachTableThatAStreamFills() throws {
        let lake = try TemporaryLake()
        let event = TemporaryLake.event(["{\"id\":1}", "no", "{\"id\":2}"])
        _ = try lake.ingest(event)
        var other = try lake.otherFunction { $0.replacing("sensors_db.readings", with: "sensors_db.others") }
        _ = try other.handle(KinesisEvent(EventBuffer(event)), TemporaryLake.context(nowMs: lake.nowMs))
        #expect(try lake.rows("sensors_db.others") == 2)
        #expect(try lake.rows("lake_db.dead_letters") == 2)
    }

    @Test func refusesADeadLetterTableThatLettersDoNotFit() throws {
        let lake = try TemporaryLake()
        // Somebody made the table with another type, and one more column that must have a value.
        let identifier = TableIdentifier(namespace: "lake_db", name: "dead_letters")
        let fields = DeadLetterTable.columns.enumerated().map { index, column in
            NestedField(
                id: index + 1, name: column.name, type: column.name == "byte_offset" ? .int : column.type.icebergType,
                isRequired: column.isRequired)
        }
        _ = try Tables.create(
            identifier,
            metadata: TableMetadata(
                tableUUID: "7c3c3a26-5e2c-4c0b-9d4e-52f0a1a4d001",
                location: "file://\(lake.folder.path())/warehouse/letters", schema: Schema(schemaID: 0, fields: fields),
                partitionSpec: PartitionSpec(specID: 0, fields: []), sortOrder: .unsorted, properties: [:],
                lastColumnID: fields.count, nowMs: 1),
            catalog: lake.lake.catalog, store: lake.lake.store, environment: TemporaryLake.environment)
        let event = TemporaryLake.event(["{\"id\":1}", "no"])
        #expect(try lake.ingest(event) == "1")
        #expect(try lake.rows() == 0)
    }
}
