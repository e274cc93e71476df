@testable import Lake
import TestSupport
import Testing

@Suite("Windows of quotes")
struct QuoteWindowsTests {
    typealias Support = QuoteSupport

    @Test("a window is emitted by the record whose time less the delay reaches its end, and not a microsecond before")
    func closing() {
        var windows = QuoteWindows()
        #expect(windows.take([Support.bar(0, 3)], delayUs: Support.delayUs).isEmpty)
        #expect(windows.take([Support.bar(59.999999, 2)], delayUs: Support.delayUs).isEmpty)
        #expect(windows.take([Support.bar(179.999999, 9)], delayUs: Support.delayUs).isEmpty)
        let quotes = windows.take([Support.bar(180, 8)], delayUs: Support.delayUs)
        #expect(Support.texts(quotes) == ["0 BTC/USD 3.0"])
        #expect(windows.watermarkUs == Support.tenUs + Support.minuteUs)
        #expect(windows.open.count == 2)
    }

    @Test("a bar on the minute belongs to the window that starts then")
    func halfOpen() {
        var windows = QuoteWindows()
        _ = windows.take([Support.bar(60, 7), Support.bar(59.999999, 5), Support.bar(0, 6)], delayUs: Support.delayUs)
        let quotes = windows.take([Support.bar(600)], delayUs: Support.delayUs)
        #expect(Support.texts(quotes) == ["0 BTC/USD 6.0", "1 BTC/USD 7.0"])
    }

    @Test("a bar is late from the moment its window has ended by the watermark, and is counted")
    func late() {
        var windows = QuoteWindows()
        _ = windows.take([Support.bar(180)], delayUs: Support.delayUs)
        #expect(windows.take([Support.bar(59.999999, 100)], delayUs: Support.delayUs).isEmpty)
        #expect(windows.lateBars == 1)
        // The next window is open, although none of its bars has come yet.
        #expect(windows.take([Support.bar(60, 4)], delayUs: Support.delayUs).isEmpty)
        #expect(windows.lateBars == 1)
        let quotes = windows.take([Support.bar(240)], delayUs: Support.delayUs)
        #expect(Support.texts(quotes) == ["1 BTC/USD 4.0"])
    }

    @Test("the bars of one record are judged against the watermark before it")
    func oneRecord() {
        var windows = QuoteWindows()
        let quotes = windows.take(
            [Support.bar(600), Support.bar(0, 2), Support.bar(-86_400, 3)], delayUs: Support.delayUs)
        #expect(Support.texts(quotes) == ["-1440 BTC/USD 3.0", "0 BTC/USD 2.0"])
        #expect(windows.lateBars == 0)
    }

    @Test("rows come by window, asset and type, whatever order the bars came in")
    func order() {
        var windows = QuoteWindows()
        let bars = [
            Support.bar(65, 1, "B/USD"), Support.bar(65, 2, "A/USD"), Support.bar(5, 3, "B/USD"),
            Support.bar(5, 4, "B/EUR"), Support.bar(5, 5, "A/USD"),
        ]
        #expect(windows.take(bars, delayUs: Support.delayUs).isEmpty)
        let quotes = windows.take([Support.bar(1_000)], delayUs: Support.delayUs)
        #expect(
            Support.texts(quotes) == ["0 A/USD 5.0", "0 B/EUR 4.0", "0 B/USD 3.0", "1 A/USD 2.0", "1 B/USD 1.0"])
    }

    @Test("a price of zero is a price, and the same bar again changes nothing")
    func zeroAndDuplicates() {
        var windows = QuoteWindows()
        _ = windows.take([Support.bar(1, 0)], delayUs: Support.delayUs)
        let before = windows
        _ = windows.take([Support.bar(1, 0)], delayUs: Support.delayUs)
        #expect(windows == before)
        #expect(Support.texts(windows.take([Support.bar(500)], delayUs: Support.delayUs)) == ["0 BTC/USD 0.0"])
    }

    @Test("without a delay a window is emitted by the first bar past its end; records without bars move nothing")
    func noDelay() {
        var windows = QuoteWindows()
        #expect(windows.take([], delayUs: 0).isEmpty)
        #expect(windows.watermarkUs == nil)
        #expect(windows.take([Support.bar(59.9, 2)], delayUs: 0).isEmpty)
        #expect(Support.texts(windows.take([Support.bar(60)], delayUs: 0)) == ["0 BTC/USD 2.0"])
    }

    @Test("the first and the last years, and the longest delay, overflow nothing")
    func extremes() throws {
        let first = CalendarTime.range.lowerBound
        let last = CalendarTime.range.upperBound - Support.minuteUs
        let symbol = Support.symbol("BTC/USD")
        func bar(_ timeUs: Int64) throws -> Bar {
            let window = try #require(QuoteWindow(holding: timeUs, lengthUs: Support.minuteUs))
            return Bar(symbol: symbol, timeUs: timeUs, price: 1, window: window)
        }
        var windows = QuoteWindows()
        #expect(windows.take([try bar(first)], delayUs: .max).isEmpty)
        #expect(windows.take([try bar(last)], delayUs: .max).isEmpty)
        #expect(windows.open.count == 2)
        #expect(windows.take([try bar(last)], delayUs: 0).count == 1)
        #expect(QuoteWindow(holding: .min, lengthUs: .max) == nil)
        #expect(QuoteWindow(holding: .max, lengthUs: .max) == nil)
        #expect(WindowDefinition(lengthMs: .max, delayMs: .max, maximumAheadMs: .max).lengthUs == .max)
        #expect(WindowDefinition(lengthMs: 0, delayMs: -1, maximumAheadMs: -1).lengthUs == 1)
    }

    @Test("a longer delay does not take the watermark back, so that nothing is emitted twice")
    func longerDelay() {
        var windows = QuoteWindows()
        _ = windows.take([Support.bar(0)], delayUs: 0)
        #expect(windows.take([Support.bar(60)], delayUs: 0).count == 1)
        #expect(windows.take([Support.bar(61), Support.bar(30)], delayUs: Support.delayUs).isEmpty)
        #expect(windows.watermarkUs == Support.tenUs + Support.minuteUs)
        #expect(windows.lateBars == 1)
    }

    @Test("windows that were open under another length are emitted as they are")
    func otherLength() {
        var windows = QuoteWindows()
        _ = windows.take([Support.bar(10, 5)], delayUs: Support.delayUs)
        _ = windows.take([Support.bar(20, 4, lengthUs: 5 * Support.minuteUs)], delayUs: Support.delayUs)
        let bar = Support.bar(1_000, lengthUs: 5 * Support.minuteUs)
        let quotes = windows.take([bar], delayUs: Support.delayUs)
        #expect(quotes.map(\.price) == [5, 4])
        #expect(quotes.map { $0.window.endUs - $0.window.startUs } == [Support.minuteUs, 5 * Support.minuteUs])
    }

    @Test("no more is open than a delay and a length hold, and silent symbols are forgotten after a day")
    func bounds() {
        var windows = QuoteWindows()
        for bars in Support.records(3_000, seed: 7) {
            _ = windows.take(bars, delayUs: Support.delayUs)
            #expect(windows.open.count <= 4)
        }
        let known = windows.seenHours.count
        _ = windows.take([Support.bar(23 * 3_600, 1, "NEW/USD")], delayUs: Support.delayUs)
        windows.forgetSilentSymbols()
        #expect(windows.seenHours.count == known + 1)
        _ = windows.take([Support.bar(60 * 3_600, 1, "NEW/USD")], delayUs: Support.delayUs)
        windows.forgetSilentSymbols()
        #expect(windows.seenHours.keys.map(\.text) == ["NEW/USD"])
    }

    @Test("symbols are shared while both partitions have seen them within a day")
    func shared() {
        var first = QuoteWindows()
        var second = QuoteWindows()
        _ = first.take([Support.bar(0, 1, "A/B"), Support.bar(0, 1, "C/D")], delayUs: 0)
        _ = second.take([Support.bar(86_400, 1, "A/B"), Support.bar(0, 1, "E/F")], delayUs: 0)
        #expect(first.symbols(sharedWith: second).map(\.text) == ["A/B"])
        _ = second.take([Support.bar(86_400 + 3_600, 1, "A/B")], delayUs: 0)
        #expect(first.symbols(sharedWith: second).isEmpty)
    }

    @Test("the rows are the same however records are cut, stored and read again", arguments: 0..<5)
    func cuts(seed: UInt64) throws {
        let records = Support.records(2_000, seed: seed)
        var whole = QuoteWindows()
        let expected = records.flatMap { whole.take($0, delayUs: Support.delayUs) }
        #expect(expected.count > 100 && whole.lateBars > 10)

        var generator = SeededGenerator(seed: seed + 100)
        var windows = QuoteWindows()
        var quotes: [Quote] = []
        for bars in records {
            quotes += windows.take(bars, delayUs: Support.delayUs)
            if Int.random(in: 0..<10, using: &generator) == 0 {
                windows = try QuoteWindows(parsing: windows.serialized())
            }
        }
        #expect(quotes == expected)
        #expect(windows == whole)
    }

    @Test("the rows are what a plain reading of the definition gives", arguments: 5..<10)
    func definition(seed: UInt64) {
        let records = Support.records(2_000, seed: seed)
        var windows = QuoteWindows()
        let quotes = records.flatMap { windows.take($0, delayUs: Support.delayUs) }

        var watermarkUs = Int64.min
        var prices: [QuoteWindow: [QuoteSymbol: [Double]]] = [:]
        var late: Int64 = 0
        for bars in records {
            let accepted = bars.filter { $0.window.endUs > watermarkUs }
            late += Int64(bars.count - accepted.count)
            for bar in accepted { prices[bar.window, default: [:]][bar.symbol, default: []].append(bar.price) }
            watermarkUs = max(watermarkUs, (accepted.map(\.timeUs).max() ?? .min + Support.delayUs) - Support.delayUs)
        }
        let expected = prices.filter { $0.key.endUs <= watermarkUs }.flatMap { window, symbols in
            symbols.map { Quote(window: window, symbol: $0.key, price: $0.value.max() ?? -1) }
        }
        #expect(late == windows.lateBars)
        #expect(quotes.count == expected.count)
        let order = { (left: Quote, right: Quote) in (left.window, left.symbol) < (right.window, right.symbol) }
        #expect(quotes.sorted(by: order) == expected.sorted(by: order))
    }
}
