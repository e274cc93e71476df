import JSON
import TestSupport
import Testing

@testable import Lake

@Suite("The document of an asset and window")
struct QuoteDocumentTests {
    /// A document of the one-minute window that begins so many microseconds after the epoch.
    static func document(_ symbol: String = "BTC/USD", startUs: Int64 = QuoteSupport.tenUs, price: Double = 1) throws
        -> QuoteDocument
    {
        let window = try #require(QuoteWindow(startUs: startUs, endUs: startUs + QuoteSupport.minuteUs))
        return QuoteDocument(
            Bar(symbol: QuoteSupport.symbol(symbol), timeUs: startUs, price: price, window: window), of: 0)
    }

    @Test(
        arguments: [
            (QuoteSupport.tenUs, "2026-11-20T10:00:00Z", "2026-11-20", "10:00"),
            (-62_135_596_800_000_000, "0001-01-01T00:00:00Z", "0001-01-01", "00:00"),
            (253_402_300_740_000_000 - 60_000_000, "9999-12-31T23:58:00Z", "9999-12-31", "23:58"),
            (-60_000_000, "1969-12-31T23:59:00Z", "1969-12-31", "23:59"),
            (QuoteSupport.tenUs + 1_500_000, "2026-11-20T10:00:01.500000Z", "2026-11-20", "10:00"),
        ] as [(Int64, String, String, String)])
    func namesItsWindow(startUs: Int64, start: String, date: String, clock: String) throws {
        let document = try Self.document(startUs: startUs)
        #expect(document.startText == start && document.date == date && document.clock == clock)
        #expect(document.id == "BTC/USD/\(start)")
    }

    @Test func writesTwoLinesOfABulkRequest() throws {
        var writer = JSONWriter()
        var lines: [UInt8] = []
        try Self.document("'; drop \"table\\\n/USD", price: 0.1).write(to: &writer, into: &lines)
        try Self.document(price: 2).write(to: &writer, into: &lines)
        #expect(
            String(decoding: lines, as: UTF8.self) == """
                {"index":{"_id":"%27%3B%20drop%20%22table%5C%0A/USD/2026-11-20T10:00:00Z","version":4591870180066957722,\
                "version_type":"external"}}
                {"asset_id":"'; drop \\"table\\\\\\n","asset_type":"USD","start_window":"10:00","price_crypto":0.1,\
                "ref_date":"2026-11-20","@timestamp":"2026-11-20T10:00:00Z"}
                {"index":{"_id":"BTC/USD/2026-11-20T10:00:00Z","version":4611686018427387904,"version_type":"external"}}
                {"asset_id":"BTC","asset_type":"USD","start_window":"10:00","price_crypto":2.0,\
                "ref_date":"2026-11-20","@timestamp":"2026-11-20T10:00:00Z"}

                """)
    }

    @Test func versionsHaveTheOrderOfPrices() throws {
        var generator = SeededGenerator(seed: 1)
        var prices = [
            0, -0.0, .leastNonzeroMagnitude, 2.2250738585072014e-308, 0.1, 1, 1.0.nextUp, 6e4, .greatestFiniteMagnitude,
        ]
        for _ in 0..<500 {
            prices.append(Double.random(in: 0...1, using: &generator) * pow10(Int(generator.next() % 40) - 20))
        }
        for price in prices {
            let version = try Self.document(price: price).version
            #expect(version <= UInt64(Int64.max))
            for other in prices {
                #expect((price < other) == (version < (try Self.document(price: other).version)))
            }
        }
    }

    private func pow10(_ power: Int) -> Double { Double("1e\(power)") ?? 1 }

    /// Names that one encoding or another might take for the same.
    @Test func differentNamesHaveDifferentIds() throws {
        let parts = [
            "A", "B", "a", "A%2FB", "A%2fB", "A B", "A+B", "%41", "é", "e\u{301}", "", " ", "\u{0}", "sha256:A", "A:B",
            "2026-11-20T10:00:00Z", String(repeating: "x", count: 448), String(repeating: "x", count: 449),
            String(repeating: "é", count: 5000), String(repeating: "é", count: 5001), "A/B", "/", "//",
        ]
        var seen: [String: [String]] = [:]
        for asset in parts {
            for type in parts {
                let name = QuoteDocument.name(asset, type)
                #expect((name + "/2026-11-20T10:00:00.000001Z").utf8.count <= 512)
                #expect(name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
                let before = seen.updateValue([asset, type], forKey: name)
                #expect(before == nil, "\(name.prefix(80)) is of two")
            }
        }
    }

    @Test func longNamesAreHashed() {
        let name = QuoteDocument.name(String(repeating: "x", count: 5000), "USD")
        #expect(name.hasPrefix("sha256:") && name.utf8.count == 7 + 64)
    }

    @Test func maximaKeepTheFirstRecordOfTheHighestPrice() throws {
        var maxima = QuoteMaxima()
        let bars: [(seconds: Double, price: Double, symbol: String)] = [
            (0, 3, "BTC/USD"), (59.9, 8, "BTC/USD"), (60, 1, "BTC/USD"), (30, 8, "BTC/USD"), (1, 5, "BTC/USD"),
            (0, 9, "btc/USD"), (0, 0, "BTC/EUR"),
        ]
        for (place, bar) in bars.enumerated() {
            maxima.take(QuoteSupport.bar(bar.seconds, bar.price, bar.symbol), of: place)
        }
        #expect(maxima.documents.map(\.price) == [8, 1, 9, 0])
        #expect(maxima.documents.map(\.record) == [1, 2, 5, 6])
        #expect(
            maxima.documents.map(\.id) == [
                "BTC/USD/2026-11-20T10:00:00Z", "BTC/USD/2026-11-20T10:01:00Z", "btc/USD/2026-11-20T10:00:00Z",
                "BTC/EUR/2026-11-20T10:00:00Z",
            ])
    }
}
