import Iceberg
@testable import Lake
import TestSupport
import Testing

@Suite("Stored windows of quotes")
struct QuoteWindowsStateTests {
    typealias Support = QuoteSupport

    static func example() -> QuoteWindows {
        var windows = QuoteWindows()
        _ = windows.take([Support.bar(0, 0.1), Support.bar(65, 58_002.25), Support.bar(65, 3, "ETH/EUR")], delayUs: 0)
        _ = windows.take(
            [Support.bar(1, 1), Support.bar(125, .leastNonzeroMagnitude, "ETH/EUR")], delayUs: 60 * Support.secondUs)
        return windows
    }

    static let text =
        "{\"version\":1,\"watermark\":1795168865000000,\"late\":1,"
        + "\"windows\":[[1795168860000000,1795168920000000],[1795168920000000,1795168980000000]],"
        + "\"symbols\":{\"BTC/USD\":[498658,58002.25],\"ETH/EUR\":[498658,3.0,5e-324]}}"

    @Test("the text is compact, and reads back as it was")
    func roundTrip() throws {
        #expect(Self.example().serialized() == Self.text)
        #expect(try QuoteWindows(parsing: Self.text) == Self.example())
    }

    @Test("windows that no bar has come to are stored too")
    func untouched() throws {
        let text = QuoteWindows().serialized()
        #expect(text == "{\"version\":1,\"watermark\":null,\"late\":0,\"windows\":[],\"symbols\":{}}")
        #expect(try QuoteWindows(parsing: text) == QuoteWindows())
    }

    @Test(
        "every price reads back bit by bit",
        arguments: [
            0, Double.leastNonzeroMagnitude, Double.leastNormalMagnitude, 0.1, 1.0 / 3, 1e16, 123_456_789.123_456_78,
            1.797693134862315e308,
            Double.greatestFiniteMagnitude,
        ])
    func prices(price: Double) throws {
        var windows = QuoteWindows()
        _ = windows.take([Support.bar(0, price)], delayUs: Support.delayUs)
        let read = try QuoteWindows(parsing: windows.serialized())
        #expect(read.open.values.first?.values.first?.bitPattern == price.bitPattern)
    }

    @Test("a symbol without open windows, and one that lacks the first of them, keep their places")
    func gaps() throws {
        var windows = QuoteWindows()
        _ = windows.take([Support.bar(0, 1, "A/B"), Support.bar(0, 1, "C/D")], delayUs: Support.delayUs)
        _ = windows.take([Support.bar(240, 2, "A/B"), Support.bar(300, 3, "E/F")], delayUs: Support.delayUs)
        #expect(windows.serialized().hasSuffix("{\"A/B\":[498658,2.0],\"C/D\":[498658],\"E/F\":[498658,null,3.0]}}"))
        #expect(try QuoteWindows(parsing: windows.serialized()) == windows)
    }

    @Test(
        "damage is an error, and never a partition without windows",
        arguments: [
            ("{\"version\":1,", ""), ("{\"version\":1,", "{\"version\":2,"), ("\"version\":1,", ""),
            ("1795168865000000", "null"), ("1795168865000000", "1795168865000000.5"),
            ("1795168865000000", "1795168920000000"), ("\"late\":1", "\"late\":-1"), ("\"late\":1", "\"late\":true"),
            ("\"late\":1,", ""), ("\"late\":1,", "\"late\":1,\"more\":1,"), ("\"late\":1,", "\"late\":1,\"late\":1,"),
            ("[1795168860000000,1795168920000000]", "[1795168860000000]"),
            ("[1795168860000000,1795168920000000]", "[1795168930000000,1795168920000000]"),
            ("[1795168860000000,1795168920000000]", "[1795168860000000,1795168920000000,3]"),
            ("[1795168860000000,1795168920000000],", ""),
            ("[1795168860000000,1795168920000000]", "[1795168920000000,1795168980000000]"),
            ("1795168980000000", "253402300800000000"), ("BTC/USD", "BTC"), ("BTC/USD", "ETH/EUR"),
            ("[498658,58002.25]", "58002.25"), ("[498658,58002.25]", "[]"), ("[498658,58002.25]", "[\"1\",58002.25]"),
            ("[498658,58002.25]", "[1795168860000000,58002.25]"), ("58002.25", "-58002.25"), ("58002.25", "-0.0"),
            ("58002.25", "1e999"), ("58002.25", "\"58002.25\""), ("58002.25", "58002.25,null"),
            ("58002.25", "58002.25,1,2"), ("3.0,5e-324", "3.0"), ("}}", "}"), ("}}", "}}}"),
        ])
    func damage(part: String, replacement: String) throws {
        let range = try #require(Self.text.firstRange(of: part))
        var text = Self.text
        text.replaceSubrange(range, with: replacement)
        let error = #expect(throws: IcebergError.self) { try QuoteWindows(parsing: text) }
        #expect(error?.code == .malformed)
    }

    @Test("texts cut and changed at random are refused, or read as windows that are sound")
    func fuzz() throws {
        var generator = SeededGenerator(seed: 3)
        var read = 0
        for round in 0..<8_000 {
            var bytes = Array(Self.text.utf8)
            if round % 4 == 0 { bytes.removeLast(Int.random(in: 1...bytes.count, using: &generator)) }
            for _ in 0..<Int.random(in: 0...2, using: &generator) where !bytes.isEmpty {
                let place = Int.random(in: bytes.indices, using: &generator)
                bytes[place] = round % 2 == 0 ? UInt8.random(in: 0x20...0x7E, using: &generator) : bytes[place] ^ 1
            }
            guard let windows = try? QuoteWindows(parsing: String(decoding: bytes, as: UTF8.self)) else { continue }
            read += 1
            for (window, prices) in windows.open {
                #expect(window.endUs > windows.watermarkUs ?? .max)
                #expect(prices.values.allSatisfy { $0 >= 0 && $0.isFinite })
            }
            #expect(try QuoteWindows(parsing: windows.serialized()) == windows)
        }
        #expect((400..<7_200).contains(read))
    }
}
