@testable import Lake
import TestSupport
import Testing

@Suite("Bars of a record")
struct BarParserTests {
    static let minuteUs: Int64 = 60_000_000
    /// 2026-11-20T10:00:00Z.
    static let tenUs: Int64 = 1_795_168_800_000_000
    static let tenMs = tenUs / 1000

    static func parse(
        _ text: String, recordTimestampMs: Int64 = tenMs, window: WindowDefinition = .standard
    ) throws(RecordError) -> BarParser.Record {
        try BarParser(window).parse(Array(text.utf8).span.bytes, recordTimestampMs: recordTimestampMs)
    }

    static func record(_ bar: String, symbol: String = "BTC/USD") -> String { "{\"bars\":{\"\(symbol)\":\(bar)}}" }

    @Test("a record as Alpaca sends it gives a bar a symbol, in the record's order")
    func usual() throws {
        let record = try Self.parse(
            """
            {"bars":{"ETH/USD":{"c":3021.55,"h":3022,"l":3020.1,"n":7,"o":3021,"t":"2026-11-20T10:00:00Z","v":0.42,
            "vw":3021.3},"BTC/USDT":{"t":"2026-11-20T10:01:59.999999Z","c":58002}},"next_page_token":null}
            """)
        #expect(record.fault == nil)
        #expect(record.bars.map(\.symbol.text) == ["ETH/USD", "BTC/USDT"])
        #expect(record.bars.map(\.symbol.assetType) == ["USD", "USDT"])
        #expect(record.bars.map(\.price) == [3021.55, 58002])
        #expect(record.bars.map(\.timeUs) == [Self.tenUs, Self.tenUs + 2 * Self.minuteUs - 1])
        #expect(record.bars.map(\.window.startUs) == [Self.tenUs, Self.tenUs + Self.minuteUs])
        #expect(record.bars.map(\.window.endUs) == [Self.tenUs + Self.minuteUs, Self.tenUs + 2 * Self.minuteUs])
    }

    @Test("no bars are no fault")
    func empty() throws {
        #expect(try Self.parse("{\"bars\":{}}") == BarParser.Record())
    }

    @Test(
        "text that is no such record is refused whole",
        arguments: [
            ("", RecordError.Code.badJSON), ("<html>", .badJSON), ("{\"bars\":{}", .badJSON),
            ("{\"bars\":{\"A/B\":{\"t\":\"2026-11-20T10:00:00Z\",\"c\":1}}} x", .badJSON),
            ("{\"bars\":{\"A/B\":{\"t\":\"2026-11-20T10:00:00Z\",\"c\":NaN}}}", .badJSON),
            ("{\"bars\":{\"A/B\":{\"t\":\"2026-11-20T10:00:00Z\",\"c\":-Infinity}}}", .badJSON),
            ("\u{FEFF}{\"bars\":{}}", .badJSON), ("[]", .notAnObject), ("null", .notAnObject), ("{}", .missingField),
            ("{\"bars\":null}", .missingField), ("{\"bars\":[]}", .wrongType), ("{\"bars\":3}", .wrongType),
        ])
    func refused(text: String, code: RecordError.Code) {
        let error = #expect(throws: RecordError.self) { try Self.parse(text) }
        #expect(error?.code == code)
    }

    @Test(
        "a bar that is none is a fault",
        arguments: [
            ("{\"c\":1}", RecordError.Code.missingField, "t"), ("{\"t\":null,\"c\":1}", .missingField, "t"),
            ("{\"t\":1795168800,\"c\":1}", .wrongType, "t"), ("{\"t\":\"10:00\",\"c\":1}", .badTimestamp, "t"),
            ("{\"t\":\"2026-02-30T10:00:00Z\",\"c\":1}", .badTimestamp, "t"),
            ("{\"t\":\"0000-12-31T23:59:59Z\",\"c\":1}", .badTimestamp, "t"),
            ("{\"t\":\"0001-01-01T00:00:00+00:01\",\"c\":1}", .outOfRange, "t"),
            ("{\"t\":\"9999-12-31T23:59:00Z\",\"c\":1}", .outOfRange, "t"),
            ("{\"t\":\"2026-11-20T10:00:00Z\"}", .missingField, "c"),
            ("{\"t\":\"2026-11-20T10:00:00Z\",\"c\":null}", .missingField, "c"),
            ("{\"t\":\"2026-11-20T10:00:00Z\",\"c\":\"1\"}", .wrongType, "c"),
            ("{\"t\":\"2026-11-20T10:00:00Z\",\"c\":true}", .wrongType, "c"),
            ("{\"t\":\"2026-11-20T10:00:00Z\",\"c\":[1]}", .wrongType, "c"),
            ("{\"t\":\"2026-11-20T10:00:00Z\",\"c\":-0.01}", .outOfRange, "c"),
            ("{\"t\":\"2026-11-20T10:00:00Z\",\"c\":1e309}", .outOfRange, "c"),
            ("[]", .wrongType, "bars"), ("null", .wrongType, "bars"), ("3", .wrongType, "bars"),
        ])
    func badBar(bar: String, code: RecordError.Code, field: String) throws {
        // Without a time of the record, none is too far ahead.
        let record = try Self.parse(Self.record(bar), recordTimestampMs: 0)
        #expect(record.bars.isEmpty)
        #expect(record.fault?.code == code)
        #expect(record.fault?.field == field)
    }

    @Test(
        "a symbol is two names with one slash between them",
        arguments: [
            "BTC", "", "/", "BTC/", "/USD", "BTC/USD/X", "//", "'; drop table",
            String(repeating: "A", count: 61) + "/USD", "\u{FEFF}",
        ])
    func badSymbols(symbol: String) throws {
        let record = try Self.parse(Self.record("{\"t\":\"2026-11-20T10:00:00Z\",\"c\":1}", symbol: symbol))
        #expect(record.bars.isEmpty)
        #expect(record.fault?.code == .badSymbol)
    }

    @Test(
        "strange names are names",
        arguments: ["'; drop table/USD", "B C/\u{1F4B0}", String(repeating: "A", count: 60) + "/USD", "\\u0042/\\\"U"])
    func strangeSymbols(symbol: String) throws {
        let record = try Self.parse(Self.record("{\"t\":\"2026-11-20T10:00:00Z\",\"c\":1}", symbol: symbol))
        #expect(record.fault == nil)
        #expect(record.bars.first?.symbol.text == (symbol.hasPrefix("\\") ? "B/\"U" : symbol))
    }

    @Test("two spellings of one letter are two symbols")
    func canonicalEquivalence() throws {
        let composed = try #require(QuoteSymbol(parsing: "\u{E9}/USD"))
        let decomposed = try #require(QuoteSymbol(parsing: "e\u{301}/USD"))
        #expect(composed.text == decomposed.text)
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed]).count == 2)
        #expect(decomposed < composed)
    }

    @Test(
        "prices keep every bit",
        arguments: ["0", "5e-324", "1.7976931348623157e308", "0.1", "123456789.123456789", "1e-400"])
    func prices(price: String) throws {
        let record = try Self.parse(Self.record("{\"t\":\"2026-11-20T10:00:00Z\",\"c\":\(price)}"))
        #expect(record.bars.first?.price.bitPattern == Double(price)?.bitPattern)
    }

    @Test("minus zero is zero", arguments: ["-0", "-0.0", "-0e5"])
    func minusZero(price: String) throws {
        let record = try Self.parse(Self.record("{\"t\":\"2026-11-20T10:00:00Z\",\"c\":\(price)}"))
        #expect(record.bars.first?.price.bitPattern == 0)
    }

    @Test("the first fault names its place, and the good bars are there all the same")
    func severalFaults() throws {
        let record = try Self.parse(
            """
            {"bars":{"A/B":{"t":"2026-11-20T10:00:00Z","c":1},"SECRET":{"t":"2026-11-20T10:00:00Z","c":2},
            "C/D":{"t":"2026-11-20T10:00:00Z","c":-3},"E/F":{"t":"2026-11-20T10:00:00Z","c":4}}}
            """)
        #expect(record.bars.map(\.price) == [1, 4])
        let fault = try #require(record.fault)
        #expect(fault.code == .badSymbol)
        #expect(fault.reason.hasPrefix("bar 2: "))
        #expect(fault.reason.hasSuffix("; 2 of 4 bars are bad"))
        #expect(!fault.description.contains("SECRET"))
    }

    @Test("of two members with one name the last holds, but two bars of one symbol are two bars")
    func duplicates() throws {
        let record = try Self.parse(
            """
            {"bars":{"X/Y":{"c":9}},"bars":{"A/B":{"c":"x","c":1,"t":3,"t":"2026-11-20T10:00:00Z"},
            "A/B":{"c":2,"t":"2026-11-20T10:00:00Z"}}}
            """)
        #expect(record.fault == nil)
        #expect(record.bars.map(\.price) == [1, 2])
    }

    @Test("a time ahead of the record's own is a fault from the first microsecond past the bound")
    func ahead() throws {
        let onBound = Self.record("{\"t\":\"2026-11-20T10:10:00Z\",\"c\":1}")
        let past = Self.record("{\"t\":\"2026-11-20T10:10:00.000001Z\",\"c\":1}")
        #expect(try Self.parse(onBound).fault == nil)
        #expect(try Self.parse(past).fault?.code == .tooFarAhead)
        #expect(try Self.parse(past, recordTimestampMs: Self.tenMs + 1).fault == nil)
    }

    @Test("without the record's time there is no bound", arguments: [0, -1, Int64.min])
    func noRecordTime(recordTimestampMs: Int64) throws {
        let far = Self.record("{\"t\":\"9999-12-31T23:58:59Z\",\"c\":1}")
        #expect(try Self.parse(far, recordTimestampMs: recordTimestampMs).fault == nil)
        #expect(try Self.parse(far, recordTimestampMs: .max).fault == nil)
    }

    @Test("windows before 1970 start at multiples of their length too")
    func longAgo() throws {
        let record = try Self.parse(Self.record("{\"t\":\"0001-01-01T00:00:30.5Z\",\"c\":1}"))
        let bar = try #require(record.bars.first)
        #expect(bar.window.startUs == CalendarTime.range.lowerBound)
        #expect(bar.timeUs - bar.window.startUs == 30_500_000)
        let before = try Self.parse(Self.record("{\"t\":\"1969-12-31T23:59:59.999999Z\",\"c\":1}"))
        #expect(before.bars.first?.window == QuoteWindow(startUs: -Self.minuteUs, endUs: 0))
    }

    @Test("records cut and changed at random give a record or an error, and never a bad bar")
    func fuzz() {
        let text = Array(
            """
            {"bars":{"BTC/USD":{"t":"2026-11-20T10:00:00.5+01:00","c":58002.25,"v":[1,{"x":null}]},"\\u0041/B":{"c":-1e2,
            "t":"2026-11-20T10:00:00Z"}},"n":{}}
            """.utf8)
        let parser = BarParser(.standard)
        var generator = SeededGenerator(seed: 42)
        var refused = 0
        for round in 0..<8_000 {
            var bytes = text
            if round % 3 == 0 { bytes.removeLast(Int.random(in: 0...text.count, using: &generator)) }
            for _ in 0..<Int.random(in: 0...3, using: &generator) where !bytes.isEmpty {
                bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            guard let record = try? parser.parse(bytes.span.bytes, recordTimestampMs: Self.tenMs) else {
                refused += 1
                continue
            }
            for bar in record.bars {
                let isSound =
                    bar.price >= 0 && bar.price.isFinite && bar.window.startUs <= bar.timeUs
                    && bar.timeUs < bar.window.endUs && !bar.symbol.assetID.isEmpty && !bar.symbol.assetType.isEmpty
                #expect(isSound)
            }
        }
        #expect((5_000..<8_000).contains(refused))
    }
}
