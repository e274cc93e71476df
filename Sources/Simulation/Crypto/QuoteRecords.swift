internal import Calendar

/// The topic `coinbase-currencies`, generated: every five seconds one record for each asset of the market, with its bar as
/// Alpaca writes it, keyed by the symbol.
public struct QuoteRecords: Equatable, Sendable {
    /// What the quotes are made from.
    public let seed: UInt64
    /// When the producer asks for bars: each tick makes one record for each asset.
    public let pace: Pace
    /// About one record in this many is bad; 0 for none.
    public let badRecordRate: UInt64
    /// About one bar in this many is a quarter of an hour old; 0 for none.
    public let staleRate: UInt64

    /// As `lake.json` and Kafka name the topic.
    public static let topicName = "coinbase-currencies"
    /// How many partitions the demo's topic has.
    public static let partitions = 3
    /// Bars every five seconds, as the demo has them.
    public static let demoPace = Pace(records: 1, periodUs: 5_000_000)
    /// An asset's records are all of one partition, which it shares with others.
    static let assetsOfPartition = CryptoMarket.assets.count / partitions

    /// Quotes. The parameters with a default have the demo's values.
    public init(
        seed: UInt64, pace: Pace = demoPace, badRecordRate: UInt64 = 800, staleRate: UInt64 = 600
    ) {
        self.seed = seed
        self.pace = pace
        self.badRecordRate = badRecordRate
        self.staleRate = staleRate
    }

    /// A bar of a good record.
    public struct Bar: Equatable, Sendable {
        /// The number of the asset in the market.
        public let asset: Int
        /// The bar's own time, in milliseconds since the epoch.
        public let timeMs: Int64
        /// The closing price, as the record has it.
        public let price: String
    }

    /// How many records the topic takes in its first milliseconds.
    public func count(ofMs milliseconds: Int64) -> Int {
        pace.index(atMs: pace.startMs + milliseconds) * CryptoMarket.assets.count
    }

    /// The topic of the demo, with its partitions and offsets.
    public var topic: GeneratedTopic {
        GeneratedTopic(name: Self.topicName, partitions: Self.partitions, record: record, index: Self.index)
    }

    /// The quotes for what sends them on.
    public var stream: SimulatedStream {
        SimulatedStream(
            name: Self.topicName,
            record: { index in
                SimulatedRecord(
                    key: CryptoMarket.assets[Self.asset(index)].symbol, value: value(index), timeMs: tickMs(index))
            }, index: { pace.index(atMs: $0) * CryptoMarket.assets.count }, timeMs: tickMs)
    }

    /// The number of the record with this offset of this partition.
    public static func index(_ partition: Int, _ offset: Int64) -> Int {
        let (tick, place) = Int(offset).quotientAndRemainder(dividingBy: assetsOfPartition)
        return tick * CryptoMarket.assets.count + place * partitions + partition
    }

    /// The asset that record `n` is about.
    private static func asset(_ index: Int) -> Int { index % CryptoMarket.assets.count }

    /// When the producer asked for the bar, in milliseconds since the epoch.
    public func tickMs(_ index: Int) -> Int64 { pace.timeMs(index / CryptoMarket.assets.count) }

    /// Whether record `n` is one that cannot be decoded.
    public func isBad(_ index: Int) -> Bool { SeededNumbers(seed: seed).strikes(index, 200, oneIn: badRecordRate) }

    /// The bar of record `n`; nil if it is bad. Some come a few seconds late, and a few so late that their minute is over.
    public func bar(_ index: Int) -> Bar? { isBad(index) ? nil : goodBar(index) }

    private func goodBar(_ index: Int) -> Bar {
        let asset = Self.asset(index)
        let tickMs = tickMs(index)
        let isStale = staleRate > 0 && tickMs > pace.startMs && number(index, 1, below: staleRate) == 0
        let timeMs =
            isStale ? tickMs - 900_000 : max(pace.startMs, tickMs - number(index, 2, below: 10) * 1000)
        let market = CryptoMarket(seed: seed)
        return Bar(
            asset: asset, timeMs: timeMs,
            price: CryptoMarket.assets[asset].text(market.price(ofAsset: asset, atMs: timeMs)))
    }

    /// Record `n`.
    public func record(_ index: Int) -> GeneratedKafkaRecord {
        let asset = Self.asset(index)
        let tick = index / CryptoMarket.assets.count
        return GeneratedKafkaRecord(
            partition: asset % Self.partitions,
            offset: Int64(tick * Self.assetsOfPartition + asset / Self.partitions),
            timestampMs: tickMs(index) + 150, key: CryptoMarket.assets[asset].symbol, value: value(index))
    }

    /// The bytes of record `n`: a bar, or something that a broken producer sends.
    private func value(_ index: Int) -> [UInt8] {
        let bar = goodBar(index)
        let asset = CryptoMarket.assets[bar.asset]
        func text(symbol: String? = nil, price: String? = nil, timeMs: Int64? = nil) -> String {
            let time = CivilTime.second(ofMs: timeMs ?? bar.timeMs, separator: "T")
            let close = price ?? bar.price
            let volume = "0.\(CivilDate.padded(number(index, 3, below: 1_000_000), 6))"
            return #"{"bars":{"\#(symbol ?? asset.symbol)":{"c":\#(close),"h":\#(bar.price),"l":\#(bar.price),"#
                + #""n":\#(1 + number(index, 4, below: 40)),"o":\#(bar.price),"t":"\#(time)Z","v":\#(volume),"#
                + #""vw":\#(bar.price)}}}"#
        }
        guard isBad(index) else { return Array(text().utf8) }
        switch number(index, 5, below: 5) {
        case 0: return Array(text().utf8.prefix(60))
        case 1: return Array(text(symbol: asset.id).utf8)
        case 2: return Array(text(price: "\"high\"").utf8)
        case 3: return Array(text(price: "-\(bar.price)").utf8)
        // A producer whose clock is a day ahead.
        default: return Array(text(timeMs: bar.timeMs + 86_400_000).utf8)
        }
    }

    private func number(_ index: Int, _ salt: UInt64, below bound: UInt64) -> Int64 {
        SeededNumbers(seed: seed).number(index, 200 + salt, below: bound)
    }
}
