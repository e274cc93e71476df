import Iceberg
import JSON
@testable import Lake
import LambdaRuntime
import Testing

@Suite("Check for silence")
struct SilenceCheckTests {
    /// One reading, whose arrival is this many seconds from the start.
    private static func event(at second: Int, id: Int, shard: String = "shardId-000000000000") -> [UInt8] {
        TemporaryLake.event(
            [AlertLake.payload(20, at: second, id: id)], first: second + 1, shard: shard,
            arrivalMs: AlertLake.startMs + Int64(second) * 1000 - Int64(second + 1))
    }

    @Test func tellsOfEachSilenceOnce() throws {
        let lake = try AlertLake()
        try lake.send(Self.event(at: 0, id: 1))
        try lake.send(Self.event(at: 300, id: 2))
        lake.nowMs += 600_000
        #expect(try lake.check()["alerts"]?.integer == 0)
        let snapshots = try lake.metadata().snapshots.count
        lake.nowMs += 2
        #expect(try lake.check()["alerts"]?.integer == 1)
        // One snapshot for the alert, and one for that it is published.
        #expect(try lake.metadata().snapshots.count == snapshots + 2)
        var cold = try lake.otherFunction()
        let again = try lake.check(&cold)
        #expect(again["alerts"]?.integer == 0 && again["keys"]?.integer == 2 && again["published"]?.integer == 0)
        #expect(try lake.metadata().snapshots.count == snapshots + 2)
        #expect(
            lake.topic.subjects == ["silent: no reading of 1 has come since 2026-11-18T11:06:40Z, for more than 10m"])
        try lake.send(Self.event(at: 700, id: 1))
        lake.nowMs += 900_000
        #expect(try lake.check()["alerts"]?.integer == 2)
        #expect(try lake.rows() == 3)
    }

    @Test func aReadingInAnyShardEndsASilence() throws {
        let lake = try AlertLake()
        try lake.send(Self.event(at: 0, id: 1))
        try lake.send(Self.event(at: 599, id: 1, shard: "shardId-000000000001"))
        lake.nowMs += 700_000
        let reply = try lake.check()
        #expect(reply["alerts"]?.integer == 0 && reply["keys"]?.integer == 1)
    }

    @Test func aReadingThatIsCommittedMeanwhileEndsTheSilence() throws {
        let race = Race()
        let lake = try AlertLake(catalog: { RacingCatalog(real: $0, race: race) })
        try lake.send(Self.event(at: 0, id: 1))
        try lake.send(Self.event(at: 1, id: 2))
        var other = try lake.otherFunction()
        lake.nowMs += 700_000
        var checks = lake.handler
        // Between the check's look at the table and its commit, another function commits a reading of the first device.
        race.before = { _ = try? lake.send(Self.event(at: 650, id: 1), to: &other) }
        #expect(try lake.check(&checks)["alerts"]?.integer == 1)
        #expect(lake.topic.subjects.count == 1 && lake.topic.subjects[0].contains("of 2 "))
        #expect(try lake.rows() == 1 && lake.state().keys["1"]?.arrivalMs == 1_795_000_650_000)
    }

    @Test func aCheckDoesNotDisturbWhoTakesReadings() throws {
        let race = Race()
        let lake = try AlertLake(catalog: { RacingCatalog(real: $0, race: race) })
        try lake.send(Self.event(at: 0, id: 1))
        try lake.send(Self.event(at: 650, id: 2))
        var other = try lake.otherFunction()
        lake.nowMs += 700_000
        race.before = { _ = try? lake.check(&other) }
        #expect(try lake.send(Self.event(at: 651, id: 1)) == nil)
        #expect(try lake.rows() == 1)
        #expect(try lake.state().keys.mapValues(\.arrivalMs) == ["1": 1_795_000_651_000, "2": 1_795_000_650_000])
    }

    @Test func twoChecksAtOnceTellOnce() throws {
        let race = Race()
        let lake = try AlertLake(catalog: { RacingCatalog(real: $0, race: race) })
        try lake.send(Self.event(at: 0, id: 1))
        var other = try lake.otherFunction()
        lake.nowMs += 700_000
        race.before = { _ = try? lake.check(&other) }
        #expect(try lake.check()["alerts"]?.integer == 0)
        #expect(try lake.rows() == 1)
        #expect(lake.topic.messages.count == 1)
    }

    @Test func keysThatHaveBeenAwayForLongAreForgotten() throws {
        let lake = try AlertLake()
        try lake.send(Self.event(at: 0, id: 1))
        lake.nowMs += 700_000
        #expect(try lake.check()["alerts"]?.integer == 1)
        lake.nowMs += 86_400_000
        #expect(try lake.check()["alerts"]?.integer == 0)
        #expect(try lake.state().keys.isEmpty)
        #expect(try lake.check()["keys"]?.integer == 0)
    }

    @Test func aLakeWithoutReadingsIsSilentAboutAll() throws {
        let lake = try AlertLake()
        let event = try DetectionEvent(EventBuffer(Array("{}".utf8)))
        let reply = try JSONValue(parsing: try lake.handler.handle(event, TemporaryLake.context(nowMs: 0)).bytes)
        #expect(reply["streams"]?.elements?.first?["keys"]?.integer == 0)
    }
}

/// What happens once, just before a swap.
final class Race { var before: (() -> Void)? }

/// A catalog that lets something happen just before the next swap.
struct RacingCatalog: Catalog {
    let real: any Catalog
    let race: Race

    func load(_ table: TableIdentifier) throws(IcebergError) -> CatalogEntry { try real.load(table) }
    func swap(_ table: TableIdentifier, from base: TableVersion, to proposed: TableVersion) -> SwapOutcome {
        if let before = race.before {
            race.before = nil
            before()
        }
        return real.swap(table, from: base, to: proposed)
    }
    func create(_ table: TableIdentifier, _ version: TableVersion) throws(IcebergError) {
        try real.create(table, version)
    }
    func namespaces() throws(IcebergError) -> [String] { try real.namespaces() }
    func tables(in namespace: String) throws(IcebergError) -> [TableIdentifier] { try real.tables(in: namespace) }
}
