import JSON
import TestSupport
import Testing

@testable import Producers

@Suite struct LatestBarsTests {
    private static let bitcoin =
        #"{"t":"2026-11-20T12:00:00Z","o":58000.10,"h":5.8e4,"l":57990.5,"c":58002,"v":0.4200000000000000001,"n":7,"vw":58001.3,"x":{"new":[1, 2]}}"#

    private func cut(_ text: String, _ symbols: [String] = ["BTC/USD", "ETH/USD"]) throws(JSONError) -> LatestBars {
        try LatestBars(cutting: Array(text.utf8), for: symbols)
    }

    private func payloads(_ bars: LatestBars) -> [String] {
        bars.bars.map { String(decoding: $0.payload, as: UTF8.self) }
    }

    @Test func aBarIsByteByByteWhatCame() throws {
        let bars = try cut("{\"bars\":{\"ETH/USD\":{\"t\" :  null},\"BTC/USD\":\(Self.bitcoin)}}")
        #expect(payloads(bars) == ["{\"bars\":{\"BTC/USD\":\(Self.bitcoin)}}", #"{"bars":{"ETH/USD":{"t" :  null}}}"#])
        #expect(bars.bars.map(\.symbol) == ["BTC/USD", "ETH/USD"])
        #expect(bars.missing.isEmpty && bars.malformed.isEmpty && bars.unasked == 0)
    }

    @Test func anEscapedSymbolIsTheSymbolAndASecondOneWins() throws {
        let bars = try cut(
            "\n{ \"next\" : [\"bars\"], \"bars\" : 7, \"bars\" : { \"BTC\\/USD\" : {}, \"\\u0042TC/USD\" :\t{\"c\": 1e2 }\n } } "
        )
        #expect(payloads(bars) == [#"{"bars":{"BTC/USD":{"c": 1e2 }}}"#])
    }

    @Test func whatIsNotThereIsCounted() throws {
        let bars = try cut(#"{"bars":{"BTC/USD":null,"DOGE/USD":{},"ETH/USD":[1],"X":null}}"#)
        #expect(bars.bars.isEmpty && bars.missing == ["BTC/USD"] && bars.malformed == ["ETH/USD"] && bars.unasked == 2)
        #expect(try cut(#"{"bars":{}}"#).missing == ["BTC/USD", "ETH/USD"])
    }

    @Test(arguments: [
        "", " ", "null", "[]", "{}", "7", #"{"bars":null}"#, #"{"bars":[]}"#, #"{"bar":{}}"#, #"{"bars":{}"#,
        #"{"bars":{}} x"#, #"{"bars":{},}"#, #"{"bars":{"BTC/USD":{"c":01}}}"#, #"{"bars":{"BTC/USD":{"c":NaN}}}"#,
        "<html></html>", "{\"bars\":{\"BTC/USD\":{\"x\":\"\u{1}\"}}}", #"{"message":"too many requests."}"#,
        #"{"bars":{"BTC/USD":{"c":1}}"#, #"{"bars":{"\ud800":{}}}"#,
    ])
    func refusesWhatIsNoSuchReply(_ text: String) {
        #expect(throws: JSONError.self) { try cut(text) }
    }

    @Test func refusesWhatIsNoUTF8() {
        let reply = Array(#"{"bars":{"BTC/USD":{"x":""#.utf8) + [0xC3, 0x28] + Array(#""}}}"#.utf8)
        #expect(throws: JSONError.self) { try LatestBars(cutting: reply, for: ["BTC/USD"]) }
    }

    @Test func nestingThatIsTooDeepIsAnError() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(throws: JSONError.self) { try cut("{\"bars\":{\"BTC/USD\":{\"x\":\(deep)") }
    }

    @Test func whateverComesEveryPayloadIsTheUpstreamsBarAndJSON() throws {
        let sample = Array("{\"bars\":{\"BTC/USD\":\(Self.bitcoin),\"ETH\\/USD\":{\"c\":1}},\"z\":\"\\u00e9é\"}".utf8)
        for end in sample.indices {
            #expect(throws: JSONError.self) { try LatestBars(cutting: Array(sample[..<end]), for: ["BTC/USD"]) }
        }
        var random = SeededGenerator(seed: 11)
        var cuts = 0
        for _ in 0..<8_000 {
            var bytes = sample
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: bytes.indices, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                default: bytes.insert(sample.randomElement(using: &random) ?? 0, at: place)
                }
            }
            guard let bars = try? LatestBars(cutting: bytes, for: ["BTC/USD", "ETH/USD"]) else { continue }
            cuts += bars.bars.count
            for bar in bars.bars {
                let value = try JSONValue(parsing: bar.payload)
                #expect(value["bars"]?[bar.symbol]?.members != nil)
                #expect(bytes.contains(bar.text))
            }
            #expect(bars.bars.count + bars.missing.count + bars.malformed.count == 2)
        }
        #expect(cuts > 400)
    }
}

extension [UInt8] {
    fileprivate func contains(_ part: [UInt8]) -> Bool {
        guard part.count <= count else { return false }
        return (0...(count - part.count)).contains { self[$0..<($0 + part.count)].elementsEqual(part) }
    }
}
