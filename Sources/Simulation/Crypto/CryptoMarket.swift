internal import Calendar

/// A made-up market: what each asset costs at any time, as whole numbers, so that every machine has the same prices.
public struct CryptoMarket: Equatable, Sendable {
    /// An asset of the market.
    public struct Asset: Equatable, Sendable {
        /// Such as `BTC`.
        public let id: String
        /// What it costs on average, in units of its last digit.
        public let price: Int64
        /// Digits after the point.
        public let digits: Int

        /// As quotes name it.
        public var symbol: String { "\(id)/\(CryptoMarket.currency)" }

        /// A price as text: exact, whatever the machine's rounding.
        public func text(_ price: Int64) -> String {
            let scale = (0..<digits).reduce(Int64(1)) { scale, _ in scale * 10 }
            return "\(price / scale).\(CivilDate.padded(price % scale, digits))"
        }
    }

    /// What the prices are made from.
    public let seed: UInt64

    /// The market of a seed.
    public init(seed: UInt64) { self.seed = seed }

    /// What prices are in.
    public static let currency = "USD"
    /// The assets in the order in which they are quoted.
    public static let assets = [
        Asset(id: "BTC", price: 9_312_500, digits: 2), Asset(id: "ETH", price: 321_840, digits: 2),
        Asset(id: "SOL", price: 138_6200, digits: 4), Asset(id: "LTC", price: 81_9500, digits: 4),
        Asset(id: "DOGE", price: 143_210, digits: 6), Asset(id: "AVAX", price: 13_8700, digits: 4),
    ]
    /// 2026-01-05T00:00:00Z, when the market opens, in milliseconds since the epoch.
    public static let openingMs = Pace.openingMs

    /// What an asset costs, in units of its last digit: its average, and waves of three lengths around it.
    public func price(ofAsset number: Int, atMs timeMs: Int64) -> Int64 {
        let average = Self.assets[number].price
        let seconds = (timeMs - Self.openingMs) / 1000
        let waves = [(2400, 110), (540, 50), (60, 25), (5, 6)].enumerated().map { place, wave in
            Int64(wave.1) * self.wave(Int64(wave.0), seconds, UInt64(number * 8 + place))
        }
        return average + average * waves.reduce(0, +) / 10_000 / Self.unit
    }

    private static let unit: Int64 = 1000

    /// A line from one random height to the next, from −1000 to 1000, with a new height every `length` seconds.
    private func wave(_ length: Int64, _ seconds: Int64, _ salt: UInt64) -> Int64 {
        let knot = floorDivide(seconds, length)
        let rest = seconds - knot * length
        let (left, right) = (height(knot, salt), height(knot + 1, salt))
        return left + (right - left) * rest / length
    }

    private func height(_ knot: Int64, _ salt: UInt64) -> Int64 {
        SeededNumbers(seed: seed).number(Int(knot), 100 + salt, below: UInt64(2 * Self.unit + 1)) - Self.unit
    }
}
