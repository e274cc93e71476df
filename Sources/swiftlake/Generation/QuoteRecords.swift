internal import Calendar
internal import Simulation

/// The topic `coinbase-currencies`, generated: every five seconds one record for each asset of the market, with its bar as
/// Alpaca writes it, keyed by the symbol.
struct QuoteRecords {
    let seed: UInt64
    /// About one record in this many is bad.
    var badRecordRate: UInt64 = 800

    static let topicName = "coinbase-currencies"
    static let partitions = 3
    /// Between two records of an asset.
    static let intervalMs: Int64 = 5000
    /// An asset's records are all of one partition, which it shares with others.
    static let assetsOfPartition = CryptoMarket.assets.count / partitions

    /// A bar of a good record.
    struct Bar: Equatable {
        /// The number of the asset in the market.
        let asset: Int
        /// The bar's own time, in milliseconds since the epoch.
        let timeMs: Int64
        /// The closing price, as the record has it.
        let price: String
    }

    /// How many records the topic takes in this time.
    static func count(ofMs milliseconds: Int64) -> Int { Int(milliseconds / intervalMs) * CryptoMarket.assets.count }

    /// The topic.
    var topic: GeneratedTopic {
        GeneratedTopic(name: Self.topicName, partitions: Self.partitions, record: record, index: Self.index)
    }

    /// The number of the record with this offset of this partition.
    static func index(_ partition: Int, _ offset: Int64) -> Int {
        let (tick, place) = Int(offset).quotientAndRemainder(dividingBy: assetsOfPartition)
        return tick * CryptoMarket.assets.count + place * partitions + partition
    }

    /// The asset that record `n` is about.
    private static func asset(_ index: Int) -> Int { index % CryptoMarket.assets.count }

    /// When the producer asked for the bar, in milliseconds since the epoch.
    static func tickMs(_ index: Int) -> Int64 {
        CryptoMarket.openingMs + Int64(index / CryptoMarket.assets.count) * intervalMs
    }

    /// Whether record `n` is one that cannot be decoded.
    func isBad(_ index: Int) -> Bool { number(index, 0, below: badRecordRate) == 7 % Int64(badRecordRate) }

    /// The bar of record `n`; nil if it is bad. Some come a few seconds late, and a few so late that their minute is over.
    func bar(_ index: Int) -> Bar? { isBad(index) ? nil : goodBar(index) }

    private func goodBar(_ index: Int) -> Bar {
        let asset = Self.asset(index)
        let tickMs = Self.tickMs(index)
        let isStale = tickMs > CryptoMarket.openingMs && number(index, 1, below: 600) == 0
        let timeMs =
            isStale ? tickMs - 900_000 : max(CryptoMarket.openingMs, tickMs - number(index, 2, below: 10) * 1000)
        let market = CryptoMarket(seed: seed)
        return Bar(
            asset: asset, timeMs: timeMs,
            price: CryptoMarket.assets[asset].text(market.price(ofAsset: asset, atMs: timeMs)))
    }

    /// Record `n`.
    func record(_ index: Int) -> GeneratedKafkaRecord {
        let asset = Self.asset(index)
        let tick = index / CryptoMarket.assets.count
        return GeneratedKafkaRecord(
            partition: asset % Self.partitions,
            offset: Int64(tick * Self.assetsOfPartition + asset / Self.partitions),
            timestampMs: Self.tickMs(index) + 150, key: CryptoMarket.assets[asset].symbol, value: value(index))
    }

    /// The bytes of record `n`: a bar, or something that a broken producer sends.
    private func value(_ index: Int) -> [UInt8] {
        let bar = goodBar(index)
        let asset = CryptoMarket.assets[bar.asset]
        func text(symbol: String? = nil, price: String? = nil, timeMs: Int64? = nil) -> String {
            let time = TimeText.second(timeMs ?? bar.timeMs).replacing(" ", with: "T")
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
