import JSON
import Testing

@testable import Simulation

@Suite struct QuoteRecordsTests {
    private func text(_ quotes: QuoteRecords, _ index: Int) -> String {
        String(decoding: quotes.record(index).value, as: UTF8.self)
    }

    @Test func theSameSeedMakesTheSameQuotesEverywhere() throws {
        let record = QuoteRecords(seed: 1).record(0)
        #expect(record.key == "BTC/USD" && record.partition == 0 && record.offset == 0)
        #expect(record.timestampMs == 1_767_571_200_150)
        let bar = try #require(try JSONValue(parsing: record.value)["bars"]?["BTC/USD"])
        #expect(bar.members?.map(\.name) == ["c", "h", "l", "n", "o", "t", "v", "vw"])
        #expect(bar["t"]?.string == "2026-01-05T00:00:00Z")
        for index in [0, 1, 7, 4096, 1_000_000] {
            #expect(QuoteRecords(seed: 9).record(index) == QuoteRecords(seed: 9).record(index))
        }
        #expect((0..<100).count { text(QuoteRecords(seed: 1), $0) == text(QuoteRecords(seed: 2), $0) } == 0)
    }

    @Test func offsetsOfAPartitionHaveNoGapAndItsKeysStayThere() {
        let (next, keys) = QuoteRecords(seed: 3).topic.walked(600)
        #expect(next.keys.sorted() == [0, 1, 2] && keys == CryptoMarket.assets.count)
    }

    @Test func goodQuotesSayWhatTheirBarSays() throws {
        let quotes = QuoteRecords(seed: 5)
        var late = 0
        for index in 0..<3000 where !quotes.isBad(index) {
            let bar = try #require(quotes.bar(index))
            let value = try JSONValue(parsing: quotes.record(index).value)
            let symbol = CryptoMarket.assets[bar.asset].symbol
            let close = try #require(value["bars"]?[symbol]?["c"]?.double)
            #expect(close == Double(bar.price) && close > 0)
            let behind = quotes.tickMs(index) - bar.timeMs
            #expect(0..<10_000 ~= behind || behind == 900_000)
            if behind == 900_000 { late += 1 }
        }
        #expect(late > 0)
    }

    @Test func badQuotesAreOfEveryKind() {
        let quotes = QuoteRecords(seed: 1, badRecordRate: 2)
        let bad = (0..<400).filter(quotes.isBad)
        #expect((150..<250).contains(bad.count))
        #expect(bad.allSatisfy { quotes.bar($0) == nil })
        let texts = bad.map { text(quotes, $0) }
        #expect(texts.contains { (try? JSONValue(parsing: Array($0.utf8))) == nil })
        for part in [#""c":"high""#, #""c":-"#, #"{"BTC":{"#, "2026-01-06T"] {
            #expect(texts.contains { $0.contains(part) }, "\(part)")
        }
    }

    @Test func aTickMakesARecordForEachAsset() throws {
        let quotes = QuoteRecords(
            seed: 2, pace: Pace(startMs: 0, records: 1, periodUs: 5_000_000), badRecordRate: 0, staleRate: 0)
        let first = quotes.stream.index(1_795_000_000_000)
        #expect(quotes.stream.index(1_795_000_005_000) == first + CryptoMarket.assets.count)
        let records = try (first..<first + CryptoMarket.assets.count).map { try #require(quotes.stream.record($0)) }
        #expect(records.map(\.key) == CryptoMarket.assets.map(\.symbol))
        #expect(records.allSatisfy { $0.timeMs == 1_795_000_000_000 })
        for record in records {
            #expect(try JSONValue(parsing: record.value)["bars"]?.members?.map(\.name) == [record.key])
        }
    }

    @Test func withoutRatesNoQuoteIsBadOrStale() {
        let quotes = QuoteRecords(seed: 2, badRecordRate: 0, staleRate: 0)
        #expect((0..<5_000).allSatisfy { quotes.tickMs($0) - (quotes.bar($0)?.timeMs ?? 0) < 10_000 })
    }
}
