@testable import Lake
import Testing

@Suite("Outbox of alerts")
struct AlertOutboxTests {
    /// An outbox of another function, which no reading has come to.
    static func outbox(_ lake: AlertLake) throws -> AlertOutbox {
        let stream = try #require(lake.lake.lake.definition.streams.first)
        return AlertOutbox(
            lake.lake.lake, stream, try #require(stream.alerts), source: TemporaryLake.stream, lake.topic.topic)
    }

    @Test("what is published and settled by another function is not remembered for ever")
    func published() throws {
        let catalog = Switch()
        let lake = try AlertLake(catalog: { FailingCatalog(real: $0, isBroken: catalog) })
        lake.topic.isBroken = true
        try lake.send(TemporaryLake.event([AlertLake.payload(500, at: 1)]))
        lake.topic.isBroken = false
        let outbox = try Self.outbox(lake)
        func publish() throws -> AlertOutbox.Outcome {
            try outbox.publish(
                [.shard("shardId-000000000000")],
                until: WorkDeadline(TemporaryLake.context(nowMs: AlertLake.startMs)), nowMs: lake.nowMs)
        }
        catalog.isOn = true
        #expect(try publish().published == 1)
        catalog.isOn = false
        lake.nowMs += AlertOutbox.patienceMs - 1
        #expect(outbox.published.count == 1)
        #expect(try lake.check()["published"]?.integer == 2)
        #expect(try publish().published == 0 && outbox.published.count == 1)
        lake.nowMs += 1
        #expect(try publish().givenUp == 0 && outbox.published.isEmpty)
    }
}
