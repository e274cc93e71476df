import JSON
import Testing

@testable import swiftlake

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
            let behind = QuoteRecords.tickMs(index) - bar.timeMs
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
}
