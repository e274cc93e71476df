@testable import Lake
import TestSupport

/// Short ways to say what windows are given and give.
enum QuoteSupport {
    static let secondUs: Int64 = 1_000_000
    static let minuteUs: Int64 = 60 * secondUs
    /// 2026-11-20T10:00:00Z.
    static let tenUs: Int64 = 1_795_168_800 * secondUs
    static let delayUs = WindowDefinition.standard.delayUs

    static func symbol(_ text: String) -> QuoteSymbol {
        guard let symbol = QuoteSymbol(parsing: text) else { preconditionFailure("no symbol: \(text)") }
        return symbol
    }

    /// A bar so many seconds after ten.
    static func bar(
        _ seconds: Double, _ price: Double = 1, _ symbol: String = "BTC/USD", lengthUs: Int64 = minuteUs
    ) -> Bar {
        let timeUs = tenUs + Int64(seconds * 1e6)
        guard let window = QuoteWindow(holding: timeUs, lengthUs: lengthUs) else {
            preconditionFailure("no window holds \(seconds)")
        }
        return Bar(symbol: self.symbol(symbol), timeUs: timeUs, price: price, window: window)
    }

    /// Quotes as text: the minute of the window after ten, symbol and price.
    static func texts(_ quotes: [Quote]) -> [String] {
        quotes.map { "\(($0.window.startUs - tenUs) / minuteUs) \($0.symbol.text) \($0.price)" }
    }

    /// Records of bars, mostly in order of time, some late and some of far away.
    static func records(_ count: Int, seed: UInt64) -> [[Bar]] {
        var generator = SeededGenerator(seed: seed)
        let symbols = ["BTC/USD", "ETH/USD", "ETH/EUR", "\u{E9}/USD", "e\u{301}/USD", "X\"\\/\u{1F4B0}"]
        return (0..<count).map { number in
            (0..<Int.random(in: 0...4, using: &generator)).map { _ in
                var seconds = Double(number) * 5 + Double.random(in: -150...150, using: &generator)
                if Int.random(in: 0..<40, using: &generator) == 0 { seconds -= 600 }
                if Int.random(in: 0..<200, using: &generator) == 0 { seconds -= 1e9 }
                let price = Double.random(in: 0...1e5, using: &generator)
                return bar(seconds, price, symbols.randomElement(using: &generator) ?? "BTC/USD")
            }
        }
    }
}
