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

    @Test("an entry holds no more than so many alerts, the oldest; the others are in the table alone")
    func mostPending() throws {
        let lake = try AlertLake()
        lake.topic.isBroken = true
        let most = AlertOutbox.mostPending
        func send(_ ids: ClosedRange<Int>) throws {
            try lake.send(
                TemporaryLake.event(
                    ids.map { AlertLake.payload(500, at: 1, id: $0) }, first: ids.lowerBound,
                    arrivalMs: AlertLake.startMs))
        }
        try send(1...most - 1)
        try send(most...most + 10)
        #expect(try lake.state().pending.map(\.key) == (1...most).map(String.init))
        #expect(try lake.rows() == most + 10)
        let outbox = try Self.outbox(lake)
        let alerts = try lake.state().pending
        let more = outbox.pending(alerts, and: Array(alerts.prefix(7)), nowMs: lake.nowMs)
        #expect(more.alerts == alerts && more.givenUp == 7)
        let later = outbox.pending(alerts, and: [], nowMs: lake.nowMs + AlertOutbox.patienceMs)
        #expect(later.alerts.isEmpty && later.givenUp == most)
        // So do the keys that are silent.
        lake.nowMs += 700_000
        #expect(throws: JobError.self) { try lake.check() }
        #expect(try lake.rows() == 2 * (most + 10))
        #expect(try lake.silence().pending.count == most)
    }

    @Test("what is published and settled by another function is not remembered for ever")
    func published() throws {
        let catalog = Switch()
        let lake = try AlertLake(catalog: { FailingCatalog(real: $0, isBroken: catalog) })
        lake.topic.isBroken = true
        try lake.send(TemporaryLake.event([AlertLake.payload(500, at: 1)], arrivalMs: AlertLake.startMs))
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
