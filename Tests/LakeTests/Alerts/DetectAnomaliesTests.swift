import AWS
import Foundation
import Iceberg
import JSON
@testable import Lake
import LambdaRuntime
import Testing

@Suite("DetectAnomalies")
struct DetectAnomaliesTests {
    private static func event(
        _ values: [Double?], first: Int = 1, shard: String = "shardId-000000000000", id: Int? = 1, every: Int = 1
    ) -> [UInt8] {
        TemporaryLake.event(
            values.enumerated().map { AlertLake.payload($1, at: (first + $0) * every, id: id) }, first: first,
            shard: shard,
            arrivalMs: AlertLake.startMs)
    }

    @Test func tellsOfEachAnomalyOnce() throws {
        let lake = try AlertLake()
        let event = Self.event([20, 30, 130, 140, 20])
        for _ in 0..<3 { #expect(try lake.send(event) == nil) }
        var cold = try lake.otherFunction()
        #expect(try lake.send(event, to: &cold) == nil)
        #expect(try lake.rows() == 2)
        #expect(
            lake.topic.subjects == [
                "jump: value of 1 went from 30 to 130 in 1s; usual is at most 50 in 1m",
                "high: value of 1 is 130, above 100",
            ])
        #expect(try lake.state().pending.isEmpty)
        #expect(
            try lake.state().keys["1"]?.rules[0].memory == .rate(RateOfChange(timeUs: 1_795_000_005_000_000, value: 20))
        )
    }

    @Test func batchesWithoutAnomaliesMoveTheOffsetsToo() throws {
        let lake = try AlertLake()
        #expect(try lake.send(Self.event([20])) == nil)
        #expect(try lake.send(Self.event([100], first: 2)) == nil)
        #expect(try lake.rows() == 1 && lake.metadata().snapshots.count == 3)
        #expect(lake.topic.messages.count == 1)
        #expect(
            try Watermarks(of: TemporaryLake.stream, in: lake.metadata()).shards.values.first?.last.description == "2")
    }

    @Test func recordsThatCannotBeReadAreTheBusinessOfIngest() throws {
        let lake = try AlertLake()
        let event = TemporaryLake.event([
            "no", AlertLake.payload(1, at: 1), "{\"id\":\"x\"}", AlertLake.payload(500, at: 2, id: nil),
            "{\"id\":1,\"at\":null,\"value\":500}", AlertLake.payload(nil, at: 3),
        ])
        #expect(try lake.send(event) == nil)
        #expect(lake.topic.subjects.sorted().first == "high: value of 1 is 500, above 100")
        #expect(try lake.state().keys.keys.sorted() == ["1"])
        #expect(try lake.send(TemporaryLake.event(["no"], first: 10)) == nil)
        #expect(
            try Watermarks(of: TemporaryLake.stream, in: lake.metadata()).shards.values.first?.last.description == "10")
    }

    @Test func aRetryThatIsCutDifferentlyChangesNothing() throws {
        var numbers = SystemRandomNumberGenerator()
        let values = (0..<120).map { _ in Double.random(in: 0...140, using: &numbers) as Double? }
        let whole = try AlertLake()
        try whole.send(Self.event(values, every: 20))
        let lake = try AlertLake()
        var next = 0
        while next < values.count {
            let start = Int.random(in: max(0, next - 20)...next, using: &numbers)
            let end = min(values.count, Int.random(in: next + 1...next + 40, using: &numbers))
            try lake.send(Self.event(Array(values[start..<end]), first: start + 1, every: 20))
            next = max(next, end)
        }
        #expect(try lake.rows() == whole.rows() && lake.rows() > 10)
        #expect(lake.topic.messages.map(\.subject) == whole.topic.messages.map(\.subject))
        #expect(try lake.state().keys.mapValues(\.rules) == whole.state().keys.mapValues(\.rules))
    }

    @Test func whatIsCommittedAndNotPublishedIsPublishedByTheRetry() throws {
        let lake = try AlertLake()
        struct Crash: Error {}
        // The process ends within the first message: nothing that follows the commit is done.
        var dying = try DetectAnomalies(lake: lake.lake.lake, lake.topic.topic)
        lake.topic.willTake = { throw Crash() }
        #expect(try lake.send(Self.event([500]), to: &dying) == nil)
        #expect(try lake.rows() == 1 && lake.state().pending.count == 1 && lake.topic.messages.isEmpty)
        lake.topic.willTake = {}
        var cold = try lake.otherFunction()
        #expect(try lake.send(Self.event([500]), to: &cold) == nil)
        #expect(try lake.rows() == 1 && lake.state().pending.isEmpty)
        #expect(lake.topic.subjects == ["high: value of 1 is 500, above 100"])
        #expect(try lake.send(Self.event([500]), to: &dying) == nil)
        #expect(lake.topic.messages.count == 1)
    }

    @Test func aTopicThatIsDownStopsNoShard() throws {
        let lake = try AlertLake()
        lake.topic.isBroken = true
        #expect(try lake.send(Self.event([500])) == nil)
        #expect(try lake.send(Self.event([500], first: 2, id: 2)) == nil)
        #expect(try lake.state().pending.map(\.key) == ["1", "2"])
        // The schedule takes over what nobody publishes, and says so if it cannot either.
        lake.nowMs += 119_999
        #expect(try lake.check()["unpublished"]?.integer == 0)
        lake.nowMs += 1
        let error = #expect(throws: JobError.self) { try lake.check() }
        #expect(error?.code == .alerts(.notPublished))
        lake.topic.isBroken = false
        var other = try lake.otherFunction()
        #expect(try lake.check(&other)["published"]?.integer == 2)
        #expect(try lake.state().pending.isEmpty && lake.rows() == 2)
        // What another function settled is not published again by this one.
        #expect(try lake.send(Self.event([490], first: 3)) == nil)
        #expect(lake.topic.messages.count == 2)
    }

    @Test func whatCannotBePublishedForADayIsGivenUp() throws {
        let lake = try AlertLake()
        lake.topic.isBroken = true
        try lake.send(Self.event([500]))
        lake.nowMs += AlertOutbox.patienceMs
        lake.topic.isBroken = false
        #expect(try lake.check()["published"]?.integer == 1)
        #expect(lake.topic.subjects.allSatisfy { $0.hasPrefix("silent: ") })
        #expect(try lake.state().pending.isEmpty && lake.rows() == 2)
    }

    @Test func anAlertThatTheTopicRefusesBlocksNoOther() throws {
        let lake = try AlertLake()
        var count = 0
        lake.topic.willTake = {
            count += 1
            guard count > 1 else {
                throw ServiceError(
                    .invalid, service: "sns", operation: "Publish", code: "InvalidParameter", message: "",
                    mayHaveActed: false)
            }
        }
        try lake.send(TemporaryLake.event([1, 2, 3].map { AlertLake.payload(500, at: $0, id: $0) }))
        #expect(count == 3)
        #expect(lake.topic.subjects == [2, 3].map { "high: value of \($0) is 500, above 100" })
        #expect(try lake.state().pending.map(\.key) == ["1"])
        // It is tried again.
        try lake.send(TemporaryLake.event([AlertLake.payload(1, at: 9, id: 9)], first: 9))
        #expect(try lake.topic.messages.count == 3 && lake.state().pending.isEmpty)
    }

    @Test func withoutATopicAlertsAreInTheTableAlone() throws {
        let lake = try AlertLake(publishes: false)
        try lake.send(Self.event([500]))
        #expect(try lake.rows() == 1 && lake.state().pending.isEmpty && lake.metadata().snapshots.count == 1)
    }

    @Test func publishedAlertsAreNotPublishedAgainWhenTheTableCouldNotBeTold() throws {
        let catalog = Switch()
        let lake = try AlertLake(catalog: { FailingCatalog(real: $0, isBroken: catalog) })
        lake.topic.willTake = { catalog.isOn = true }
        #expect(try lake.send(Self.event([500])) == nil)
        #expect(try lake.state().pending.count == 1 && lake.topic.messages.count == 1)
        catalog.isOn = false
        lake.topic.willTake = {}
        #expect(try lake.send(Self.event([490], first: 2)) == nil)
        #expect(try lake.state().pending.isEmpty)
        #expect(lake.topic.messages.count == 1)
    }

    @Test func namesTheFirstUncommittedRecordWhenTheCatalogFails() throws {
        let catalog = Switch()
        let lake = try AlertLake(catalog: { FailingCatalog(real: $0, isBroken: catalog) })
        try lake.send(Self.event([20, 30]))
        catalog.isOn = true
        #expect(try lake.send(Self.event([30, 500], first: 2)) == "3")
        catalog.isOn = false
        #expect(try lake.send(Self.event([30, 500], first: 2)) == nil)
        #expect(try lake.rows() == 2)
    }

    @Test func aDeviceGoesOnInTheShardThatItIsSplitInto() throws {
        let lake = try AlertLake()
        try lake.send(Self.event([20, 30]))
        try lake.send(Self.event([90], first: 3, shard: "shardId-000000000001"))
        #expect(lake.topic.subjects == ["jump: value of 1 went from 30 to 90 in 1s; usual is at most 50 in 1m"])
    }

    @Test func rulesOfOtherStreamsAreUnknown() throws {
        let lake = try AlertLake()
        let other = String(decoding: Self.event([1]), as: UTF8.self).replacing("stream/readings", with: "stream/others")
        let error = #expect(throws: JobError.self) { try lake.send(Array(other.utf8)) }
        #expect(error?.code == .alerts(.unknownStream))
        #expect(error?.errorType == "Alerts.UnknownStream")
        let option = try DetectionEvent(EventBuffer(Array("{\"stream\":\"others\"}".utf8)))
        #expect(throws: JobError.self) { try lake.handler.handle(option, TemporaryLake.context(nowMs: 0)) }
        #expect(throws: JobError.self) { _ = try DetectAnomalies(lake: TemporaryLake().lake, nil) }
    }

    @Test func aRecreatedStreamIsRefused() throws {
        let lake = try AlertLake()
        try lake.send(Self.event([20], first: 100))
        let error = #expect(throws: JobError.self) {
            try lake.send(
                TemporaryLake.event([AlertLake.payload(500, at: 1)], arrivalMs: AlertLake.startMs + 1_000_000))
        }
        #expect(error?.code == .ingest(.recreatedStream))
        #expect(try lake.rows() == 0)
    }

    @Test func damagedStateStopsTheShard() throws {
        let lake = try AlertLake()
        try lake.send(Self.event([20]))
        let table = try lake.lake.lake.table(AlertLake.table)
        let name = AlertStates.name(TemporaryLake.stream, "shardId-000000000000")
        _ = try table.append(Append(encodedFor: try table.metadata, summary: [name: "{}"]))
        #expect(try lake.send(Self.event([500], first: 2)) == "2")
        #expect(try lake.rows() == 0)
    }
}
