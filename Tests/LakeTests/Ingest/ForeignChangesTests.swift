import Iceberg
@testable import Lake
import LambdaRuntime
import Testing

/// A warm function whose tables others roll back, drop and make anew: what it remembers must never let it acknowledge a
/// record that is not in the table.
@Suite("Ingest into tables that others change")
struct ForeignChangesTests {
    private static let readings = TableIdentifier(namespace: "sensors_db", name: "readings")
    private static let letters = TableIdentifier(namespace: "lake_db", name: "dead_letters")

    private static func payloads(_ range: Range<Int>) -> [String] { range.map { "{\"id\":\($0),\"name\":\"n\"}" } }

    private static func lake() throws -> (TemporaryLake, PointerCatalog) {
        let catalog = PointerCatalog()
        let lake = try TemporaryLake(
            catalog: { _ in catalog },
            edit: {
                $0.replacing(
                    "{\"name\":\"name\",\"type\":\"string\"}]}",
                    with: "{\"name\":\"name\",\"type\":\"string\"}],\"properties\":{"
                        + "\"commit.retry.min-wait-ms\":\"1\",\"commit.retry.max-wait-ms\":\"1\"}}")
            })
        return (lake, catalog)
    }

    @Test func takesRecordsAgainAfterARollback() throws {
        let (lake, catalog) = try Self.lake()
        _ = try lake.ingest(TemporaryLake.event(Self.payloads(0..<5)))
        let before = try catalog.load(Self.readings).location
        let event = TemporaryLake.event(Self.payloads(5..<10), first: 6)
        _ = try lake.ingest(event)
        catalog.pointers[Self.readings] = before
        #expect(try lake.ingest(event) == nil)
        #expect(try lake.rows() == 10)
    }

    @Test func takesTheOldAndTheNewOfABatchAfterARollback() throws {
        let (lake, catalog) = try Self.lake()
        _ = try lake.ingest(TemporaryLake.event(Self.payloads(0..<5)))
        let before = try catalog.load(Self.readings).location
        _ = try lake.ingest(TemporaryLake.event(Self.payloads(5..<10), first: 6))
        catalog.pointers[Self.readings] = before
        #expect(try lake.ingest(TemporaryLake.event(Self.payloads(5..<15), first: 6)) == nil)
        #expect(try lake.rows() == 15)
    }

    @Test func takesEverythingIntoATableMadeAnew() throws {
        let (lake, catalog) = try Self.lake()
        let event = TemporaryLake.event(Self.payloads(0..<10))
        _ = try lake.ingest(event)
        catalog.pointers = [:]
        var other = try lake.otherFunction()
        _ = try other.handle(
            KinesisEvent(EventBuffer(TemporaryLake.event(Self.payloads(0..<3)))),
            TemporaryLake.context(nowMs: lake.nowMs))
        #expect(try lake.ingest(event) == nil)
        #expect(try lake.rows() == 10)
    }

    @Test func goesOnAtOnceWithATableMadeAnew() throws {
        let (lake, catalog) = try Self.lake()
        _ = try lake.ingest(TemporaryLake.event(Self.payloads(0..<10)))
        catalog.pointers = [:]
        var other = try lake.otherFunction()
        _ = try other.handle(
            KinesisEvent(EventBuffer(TemporaryLake.event(Self.payloads(0..<3)))),
            TemporaryLake.context(nowMs: lake.nowMs))
        #expect(try lake.ingest(TemporaryLake.event(Self.payloads(10..<20), first: 11)) == nil)
        #expect(try lake.rows() == 13)
    }

    @Test func refusesABatchForADroppedTableAndTakesItsRetry() throws {
        let (lake, catalog) = try Self.lake()
        _ = try lake.ingest(TemporaryLake.event(Self.payloads(0..<10)))
        for range in [0..<10, 10..<20] {
            catalog.pointers = [:]
            let event = TemporaryLake.event(Self.payloads(range), first: range.lowerBound + 1)
            #expect(try lake.ingest(event) == "\(range.lowerBound + 1)")
            #expect(try lake.ingest(event) == nil)
            #expect(try lake.rows() == 10)
        }
    }

    @Test func refusesReplaysWhileTheCatalogCannotBeAsked() throws {
        let (lake, catalog) = try Self.lake()
        let event = TemporaryLake.event(Self.payloads(0..<10))
        _ = try lake.ingest(event)
        catalog.isDown = true
        #expect(try lake.ingest(event) == "1")
        catalog.isDown = false
        #expect(try lake.ingest(event) == nil)
        #expect(try lake.rows() == 10)
    }

    @Test func takesAStreamMadeAnewOnceItsTableIsMadeAnewToo() throws {
        let (lake, catalog) = try Self.lake()
        _ = try lake.ingest(TemporaryLake.event(Self.payloads(0..<10), first: 100))
        let again = TemporaryLake.event(Self.payloads(0..<10), first: 1, arrivalMs: 9_000_000)
        #expect(throws: JobError.self) { try lake.ingest(again) }
        catalog.pointers[Self.readings] = nil
        _ = try lake.ingest(again)
        #expect(try lake.ingest(again) == nil)
        #expect(try lake.rows() == 10)
    }

    @Test func keepsDeadLettersOfAStreamMadeAnewWithItsTable() throws {
        let (lake, catalog) = try Self.lake()
        _ = try lake.ingest(TemporaryLake.event(["no", "no"], first: 100))
        catalog.pointers[Self.readings] = nil
        let again = TemporaryLake.event(["no", "{\"id\":1}", "no"], first: 1, arrivalMs: 9_000_000)
        _ = try lake.ingest(again)
        #expect(try lake.ingest(again) == nil)
        #expect(try lake.rows() == 1)
        #expect(try lake.rows("lake_db.dead_letters") == 4)
    }

    @Test func putsDeadLettersAgainIntoATableMadeAnew() throws {
        let (lake, catalog) = try Self.lake()
        let event = TemporaryLake.event(["no", "{\"id\":1}", "no"])
        _ = try lake.ingest(event)
        catalog.pointers = [:]
        // The lookup finds no table and refuses the batch; its retry makes both.
        _ = try lake.ingest(event)
        #expect(try lake.ingest(event) == nil)
        #expect(try lake.rows() == 1)
        #expect(try lake.rows("lake_db.dead_letters") == 2)
    }

    @Test func countsNothingThatAnotherWriterTook() throws {
        let (lake, catalog) = try Self.lake()
        _ = try lake.ingest(TemporaryLake.event(Self.payloads(0..<1)))
        let payloads = TemporaryLake.event(Self.payloads(1..<9), first: 2)
        var other = try lake.otherFunction()
        let context = TemporaryLake.context(nowMs: lake.nowMs)
        // The swap's answer is lost, it never happened, and another function takes the same records meanwhile.
        catalog.beforeSwap = { [unowned catalog] in
            catalog.beforeSwap = { nil }
            _ = try? other.handle(KinesisEvent(EventBuffer(payloads)), context)
            return IcebergError(.unavailable, "no answer")
        }
        let definition = try #require(lake.lake.definition.streams.first)
        let shards = [
            ShardRecords(
                shard: "shardId-000000000000", records: try KinesisEvent(EventBuffer(payloads)).records)
        ]
        let report = try StreamIngest(definition, source: TemporaryLake.stream, lake: lake.lake)
            .ingest(shards, until: WorkDeadline(context), context)
        #expect(report.firstUncommitted.isEmpty)
        #expect(report.rows == 0 && report.dataFiles == 0 && report.bytes == 0 && report.replayed == 8)
        #expect(try lake.rows() == 9)
    }
}

/// A catalog in memory whose pointers a test moves.
final class PointerCatalog: Catalog {
    var pointers: [TableIdentifier: String] = [:]
    var isDown = false
    /// Runs before a swap; what it returns is answered as an unknown outcome, and the swap does not happen.
    var beforeSwap: () -> IcebergError? = { nil }

    func load(_ table: TableIdentifier) throws(IcebergError) -> CatalogEntry {
        if isDown { throw IcebergError(.unavailable, "the catalog is down") }
        guard let location = pointers[table] else { throw IcebergError(.notFound, "no such table") }
        return CatalogEntry(location: location)
    }
    func swap(_ table: TableIdentifier, from base: TableVersion, to proposed: TableVersion) -> SwapOutcome {
        if let fault = beforeSwap() { return .unknown(fault) }
        guard let current = pointers[table] else { return .failed(IcebergError(.notFound, "no such table")) }
        guard current == base.location else { return current == proposed.location ? .done : .conflict }
        pointers[table] = proposed.location
        return .done
    }
    func create(_ table: TableIdentifier, _ version: TableVersion) throws(IcebergError) {
        guard pointers[table] == nil else { throw IcebergError(.alreadyExists, "the table exists") }
        pointers[table] = version.location
    }
    func namespaces() throws(IcebergError) -> [String] { Set(pointers.keys.map(\.namespace)).sorted() }
    func tables(in namespace: String) throws(IcebergError) -> [TableIdentifier] {
        pointers.keys.filter { $0.namespace == namespace }
    }
}
