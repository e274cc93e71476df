import Foundation
import LambdaRuntime
import TestSupport
import Testing

@testable import Lake

@Suite("Indexing a topic's quotes")
struct TopicIndexingTests {
    /// A lake, and an index that its quotes go to.
    struct Fixture {
        let base: TemporaryLake
        let fake: FakeElasticsearch
        let stream: StreamDefinition
        let elasticsearch: Elasticsearch

        init(seed: UInt64 = 0, isFaulty: Bool = false, maximumBytes: Int = .max, onBadRecord: String = "dead-letter")
            throws
        {
            base = try TemporaryLake()
            fake = FakeElasticsearch(seed: seed, isFaulty: isFaulty, maximumBytes: maximumBytes)
            elasticsearch = try fake.elasticsearch()
            let source = StreamDefinition.Source.kafka(topic: "quotes", cluster: nil)
            stream = StreamDefinition(
                name: "quotes", source: source, table: base.lake.definition.streams[0].table, decoder: .bars,
                onBadRecord: try #require(StreamDefinition.BadRecordPolicy(rawValue: onBadRecord)), index: "quotes")
        }

        func index(_ samples: [KafkaSample], timeMs: Int64 = 60_000) throws -> IndexingReport {
            let event = try KafkaEvent(EventBuffer(KafkaLake.event(samples)))
            let (_, shards) = try #require(KafkaIngest.grouped(event.records).first)
            let context = TemporaryLake.context(nowMs: TemporaryLake.nowMs, timeMs: timeMs)
            return TopicIndexing(stream, source: "cluster", index: "quotes", lake: base.lake, elasticsearch)
                .index(shards, until: WorkDeadline(context), context) {}
        }

        var letters: Int { get throws { try base.rows("lake_db.dead_letters") } }
    }

    static func sample(_ text: String, at offset: Int64, partition: Int = 0) -> KafkaSample {
        KafkaSample.text(text, at: offset, partition: partition, topic: "quotes", timestampMs: BarParserTests.tenMs)
    }

    static func quote(_ price: Double, _ symbol: String = "BTC/USD", minute: Int = 0) -> String {
        "{\"bars\":{\"\(symbol)\":{\"t\":\"2026-11-20T10:0\(minute):00Z\",\"c\":\(price)}}}"
    }

    /// Random cuts, replays, orders and faults: the index ends with the highest prices.
    @Test(arguments: 0..<6 as Range<UInt64>) func theIndexEndsWithTheHighestPrices(seed: UInt64) throws {
        let fixture = try Fixture(seed: seed, isFaulty: true, maximumBytes: 3000)
        var generator = SeededGenerator(seed: seed)
        var samples: [KafkaSample] = []
        var highest: [String: Double] = [:]
        for offset in 0..<400 {
            let symbol = ["BTC/USD", "ETH/USD", "'; drop/T"].randomElement(using: &generator) ?? ""
            let minute = Int(generator.next() % 5)
            let price = Double(generator.next() % 1000) / 8
            samples.append(Self.sample(Self.quote(price, symbol, minute: minute), at: Int64(offset)))
            let id = symbol.replacing("'; ", with: "%27%3B%20") + "/2026-11-20T10:0\(minute):00Z"
            highest[id] = max(highest[id] ?? 0, price)
        }
        var batches: [ArraySlice<KafkaSample>] = []
        var start = 0
        while start < samples.count {
            let end = min(samples.count, start + 1 + Int(generator.next() % 60))
            batches.append(samples[start..<end])
            if generator.next() % 3 == 0 { batches.append(samples[max(0, start - 20)..<end]) }
            start = end
        }
        batches.shuffle(using: &generator)
        for batch in batches {
            var tries = 0
            while let failure = try fixture.index(Array(batch)).failure {
                #expect(failure.code == .indexing(.incomplete))
                tries += 1
                try #require(tries < 50)
            }
        }
        #expect(fixture.fake.prices == highest)
    }

    @Test func badRecordsAreDeadLettersOnce() throws {
        let fixture = try Fixture()
        let samples = [
            Self.sample(Self.quote(1), at: 0), Self.sample("no", at: 1), Self.sample(Self.quote(-1), at: 2),
            Self.sample(Self.quote(2), at: 3), KafkaSample(topic: "quotes", offset: 4, value: nil),
        ]
        let first = try fixture.index(samples)
        #expect((first.indexed, first.unchanged, first.deadLetters, first.tombstones) == (1, 0, 2, 1))
        let second = try fixture.index(samples)
        #expect((second.indexed, second.unchanged, second.deadLetters) == (0, 1, 0))
        #expect(try fixture.letters == 2 && second.failure == nil)
    }

    @Test func droppedRecordsAreCounted() throws {
        let fixture = try Fixture(onBadRecord: "drop")
        let report = try fixture.index([Self.sample("no", at: 1), Self.sample(Self.quote(2), at: 2)])
        #expect((report.indexed, report.dropped, report.deadLetters) == (1, 1, 0))
    }

    @Test func afterTheDeadlineNothingIsSent() throws {
        let fixture = try Fixture()
        let report = try fixture.index(
            [Self.sample(Self.quote(1), at: 7), Self.sample(Self.quote(1), at: 3, partition: 1)], timeMs: 0)
        #expect(fixture.fake.requests == 0)
        let failure = try #require(report.failure)
        #expect(failure.errorType == "Elasticsearch.Incomplete")
        #expect(failure.description.contains("quotes-0 from 7, quotes-1 from 3 (the deadline is near)"))
    }

    @Test func recordsThatAreAllTooLargeAreAllDeadLetters() throws {
        let fixture = try Fixture(maximumBytes: 10)
        let samples = (0..<5).map { Self.sample(Self.quote(1, minute: $0), at: Int64($0)) }
        for expected in [5, 0] {
            let report = try fixture.index(samples)
            #expect(report.deadLetters == expected && report.failure == nil)
        }
        #expect(try fixture.letters == 5)
    }

    @Test func aPartitionIsLeftFromItsFirstRecordOn() throws {
        var records = BarRecords(try Fixture().stream)
        let event = try KafkaEvent(
            EventBuffer(
                KafkaLake.event([
                    Self.sample("no", at: 1), Self.sample(Self.quote(1), at: 2), Self.sample("no", at: 3),
                    Self.sample("no", at: 9, partition: 1),
                ])))
        let context = TemporaryLake.context(nowMs: 0)
        records.take(try #require(KafkaIngest.grouped(event.records).first).shards, until: WorkDeadline(context))
        #expect(records.letters.map(\.record) == [0, 2, 3])
        records.leave(2)
        records.leave(1)
        #expect(records.letters.map(\.record) == [0, 3])
        #expect(records.remainder.map(\.offset) == [2] && records.remainder.map(\.shard) == ["quotes-0"])
        records.refuse(1, index: "i", BulkFault(status: 400, type: nil, reason: nil))
        #expect(records.letters.map(\.record) == [0, 3])
    }
}
