internal import Foundation
import Iceberg
@testable import Lake
import LambdaRuntime
import Synchronization
import Testing

@Suite("KinesisIngest")
struct KinesisIngestTests {
    static func payloads(_ range: Range<Int>) -> [String] { range.map { "{\"id\":\($0),\"name\":\"n\"}" } }

    @Test func takesEachRecordOnce() throws {
        let lake = try TemporaryLake()
        #expect(try lake.ingest(TemporaryLake.event(Self.payloads(0..<10))) == nil)
        #expect(try lake.ingest(TemporaryLake.event(Self.payloads(0..<10))) == nil)
        #expect(try lake.rows() == 10)
    }

    @Test func putsDataFilesWhereTheTableSays() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let lake = try TemporaryLake(edit: {
            $0.replacing(
                "\"name\":\"name\",\"type\":\"string\"}]}",
                with:
                    "\"name\":\"name\",\"type\":\"string\"}],\"properties\":{\"write.data.path\":\"file://\(folder)/\"}}"
            )
        })
        #expect(try lake.ingest(TemporaryLake.event(Self.payloads(0..<10))) == nil)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".parquet") }.count == 1)
    }

    @Test func takesTheRestOfABatchThatStraddlesTheWatermark() throws {
        let lake = try TemporaryLake()
        _ = try lake.ingest(TemporaryLake.event(Self.payloads(0..<6)))
        _ = try lake.ingest(TemporaryLake.event(Self.payloads(3..<10), first: 4))
        #expect(try lake.rows() == 10)
    }

    @Test func takesRecordsOutOfOrderAndDoubledOnesOnce() throws {
        let lake = try TemporaryLake()
        let text = String(decoding: TemporaryLake.event(Self.payloads(0..<3)), as: UTF8.self)
        let shuffled = text.replacing("\"sequenceNumber\":\"1\"", with: "\"sequenceNumber\":\"30\"")
            .replacing("\"sequenceNumber\":\"3\"", with: "\"sequenceNumber\":\"2\"")
        #expect(try lake.ingest(Array(shuffled.utf8)) == nil)
        #expect(try lake.rows() == 2)
    }

    @Test func countsSequenceNumbersByValueNotByText() throws {
        let lake = try TemporaryLake()
        _ = try lake.ingest(TemporaryLake.event(Self.payloads(0..<1), first: 9))
        _ = try lake.ingest(TemporaryLake.event(Self.payloads(0..<1), first: 10))
        #expect(try lake.rows() == 2)
    }

    @Test func putsBadRecordsIntoTheDeadLetterTableOnce() throws {
        let lake = try TemporaryLake()
        let event = TemporaryLake.event(["{\"id\":1}", "no", "{\"id\":\"x\"}", "{\"id\":2}"])
        for _ in 0..<2 { #expect(try lake.ingest(event) == nil) }
        #expect(try lake.rows() == 2)
        #expect(try lake.rows("lake_db.dead_letters") == 2)
    }

    @Test func dropsBadRecordsWhereTheDefinitionSaysSo() throws {
        let lake = try TemporaryLake(onBadRecord: "drop")
        #expect(try lake.ingest(TemporaryLake.event(["{\"id\":1}", "no", "{\"id\":2}"])) == nil)
        #expect(try lake.rows() == 2)
        #expect(throws: IcebergError.self) { try lake.rows("lake_db.dead_letters") }
    }

    @Test func stopsBeforeABadRecordWhereTheDefinitionSaysSo() throws {
        let lake = try TemporaryLake(onBadRecord: "fail")
        let event = TemporaryLake.event(["{\"id\":1}", "{\"id\":2}", "no", "{\"id\":3}"])
        for _ in 0..<2 {
            #expect(try lake.ingest(event) == "3")
            #expect(try lake.rows() == 2)
        }
    }

    @Test func reportsEverythingWhenTheDeadlineIsNear() throws {
        let lake = try TemporaryLake()
        let start = lake.nowMs
        let looks = Mutex(0)
        // The invocation begins in time; the first look at the clock after that finds the deadline near.
        let clock = WallClock {
            looks.withLock {
                $0 += 1; return $0 <= 1 ? start : start + 59_500
            }
        }
        #expect(try lake.ingest(TemporaryLake.event(Self.payloads(0..<10)), clock: clock) == "1")
        #expect(try lake.ingest(TemporaryLake.event(Self.payloads(0..<10))) == nil)
        #expect(try lake.rows() == 10)
    }

    @Test func commitsWhatItTookBeforeTheDeadlineAndReportsTheRest() throws {
        let lake = try TemporaryLake()
        let start = lake.nowMs
        let looks = Mutex(0)
        // The clock stands still for the first looks at it, and then jumps to the deadline.
        let clock = WallClock {
            looks.withLock {
                $0 += 1; return $0 <= 4 ? start : start + 59_000
            }
        }
        let event = TemporaryLake.event(Self.payloads(0..<2000))
        let first = try #require(try lake.ingest(event, clock: clock).flatMap(Int.init))
        #expect(first > 1 && first < 2000)
        #expect(try lake.rows() == first - 1)
        #expect(try lake.ingest(event) == nil)
        #expect(try lake.rows() == 2000)
    }

    @Test func refusesAStreamThatTheDefinitionDoesNotKnow() throws {
        let lake = try TemporaryLake()
        let other = String(decoding: TemporaryLake.event(Self.payloads(0..<1)), as: UTF8.self)
            .replacing("stream/readings", with: "stream/others")
        #expect(throws: JobError.self) { try lake.ingest(Array(other.utf8)) }
    }

    @Test func refusesAStreamThatWasRecreated() throws {
        let lake = try TemporaryLake()
        _ = try lake.ingest(TemporaryLake.event(Self.payloads(0..<10), first: 100))
        let error = #expect(throws: JobError.self) {
            try lake.ingest(TemporaryLake.event(Self.payloads(0..<10), first: 1, arrivalMs: 9_000_000))
        }
        #expect(error?.code == .ingest(.recreatedStream))
        #expect(try lake.rows() == 10)
    }

    @Test func takesARetryThatIsCutDifferently() throws {
        let lake = try TemporaryLake()
        var numbers = SystemRandomNumberGenerator()
        var next = 0
        while next < 200 {
            let start = Int.random(in: max(0, next - 20)...next, using: &numbers)
            let end = min(200, Int.random(in: next...next + 20, using: &numbers))
            if start < end {
                #expect(try lake.ingest(TemporaryLake.event(Self.payloads(start..<end), first: start + 1)) == nil)
            }
            next = max(next, end)
        }
        #expect(try lake.rows() == 200)
    }

    @Test func addsNothingWhenAnotherFunctionTookTheRecordsFirst() throws {
        let lake = try TemporaryLake()
        _ = try lake.ingest(TemporaryLake.event(Self.payloads(0..<5)))
        // A second, warm function with a table of its own overtakes the first.
        var other = KinesisIngest(
            lake: Lake(
                lake.lake.definition, catalog: lake.lake.catalog, store: lake.lake.store, warehouse: "",
                createsTables: false, environment: TemporaryLake.environment),
            TemporaryLake.initContext)
        let event = TemporaryLake.event(Self.payloads(5..<15), first: 6)
        _ = try other.handle(KinesisEvent(EventBuffer(event)), TemporaryLake.context(nowMs: lake.nowMs))
        #expect(try lake.ingest(TemporaryLake.event(Self.payloads(5..<20), first: 6)) == nil)
        #expect(try lake.rows() == 20)
    }

    @Test func namesTheFirstUncommittedRecordWhenTheCatalogFails() throws {
        let catalog = Switch()
        let lake = try TemporaryLake { real in FailingCatalog(real: real, isBroken: catalog) }
        _ = try lake.ingest(TemporaryLake.event(Self.payloads(0..<5)))
        catalog.isOn = true
        #expect(try lake.ingest(TemporaryLake.event(Self.payloads(3..<9), first: 4)) == "6")
        catalog.isOn = false
        #expect(try lake.ingest(TemporaryLake.event(Self.payloads(3..<9), first: 4)) == nil)
        #expect(try lake.rows() == 9)
    }
}

/// A switch that a test and a double share.
final class Switch { var isOn = false }

/// A catalog whose swaps certainly fail while a switch is on.
struct FailingCatalog: Catalog {
    let real: any Catalog
    let isBroken: Switch

    func load(_ table: TableIdentifier) throws(IcebergError) -> CatalogEntry {
        try real.load(table)
    }
    func swap(_ table: TableIdentifier, from base: TableVersion, to proposed: TableVersion) -> SwapOutcome {
        isBroken.isOn
            ? .failed(IcebergError(.unavailable, "the catalog is down")) : real.swap(table, from: base, to: proposed)
    }
    func create(_ table: TableIdentifier, _ version: TableVersion) throws(IcebergError) {
        try real.create(table, version)
    }
    func namespaces() throws(IcebergError) -> [String] { try real.namespaces() }
    func tables(in namespace: String) throws(IcebergError) -> [TableIdentifier] { try real.tables(in: namespace) }
}
