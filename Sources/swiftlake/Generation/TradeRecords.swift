internal import Calendar
internal import Simulation

/// The topic `coinbase-trades`, generated: one trade a second, keyed by the customer.
struct TradeRecords {
    let seed: UInt64
    /// About one record in this many is bad.
    var badRecordRate: UInt64 = 800

    static let topicName = "coinbase-trades"
    static let partitions = 3
    static let intervalMs: Int64 = 1000
    /// Customers of each partition.
    private static let customers: UInt64 = 100
    /// Odd, and past what a double can count: a reader that knows no whole numbers would round it.
    private static let firstTransaction: Int64 = 9_007_199_254_740_993

    /// How many records the topic takes in this time.
    static func count(ofMs milliseconds: Int64) -> Int { Int(milliseconds / intervalMs) }

    /// The topic.
    var topic: GeneratedTopic {
        GeneratedTopic(name: Self.topicName, partitions: Self.partitions, record: record, index: Self.index)
    }

    /// The number of the record with this offset of this partition.
    static func index(_ partition: Int, _ offset: Int64) -> Int { Int(offset) * partitions + partition }

    /// Whether record `n` is one that cannot be decoded.
    func isBad(_ index: Int) -> Bool { number(index, 0, below: badRecordRate) == 7 % Int64(badRecordRate) }

    /// The number of the asset that trade `n` is about.
    func asset(_ index: Int) -> Int { Int(number(index, 1, below: UInt64(CryptoMarket.assets.count))) }

    /// The second in which trade `n` was made, in milliseconds since the epoch.
    static func tickMs(_ index: Int) -> Int64 { CryptoMarket.openingMs + Int64(index) * intervalMs }

    /// When trade `n` was made, in microseconds since the epoch: one a minute on the minute itself.
    func timeUs(_ index: Int) -> Int64 {
        Self.tickMs(index) * 1000 + (index % 60 == 0 ? 0 : number(index, 2, below: 900_000))
    }

    /// Record `n`.
    func record(_ index: Int) -> GeneratedKafkaRecord {
        let partition = index % Self.partitions
        let customer = number(index, 3, below: Self.customers) * Int64(Self.partitions) + Int64(partition)
        let document = Self.document(customer)
        return GeneratedKafkaRecord(
            partition: partition, offset: Int64(index / Self.partitions), timestampMs: timeUs(index) / 1000 + 40,
            key: document, value: value(index, document))
    }

    /// The identity document of a customer: eight digits and a letter.
    private static func document(_ customer: Int64) -> String {
        let number = 40_000_000 + customer * 79_193
        return "\(number)" + String(Array("TRWAGMYFPDXBNJZSQVHLCKE")[Int(number % 23)])
    }

    /// The bytes of record `n`: a trade, or something that a broken producer sends.
    private func value(_ index: Int, _ document: String) -> [UInt8] {
        let asset = CryptoMarket.assets[asset(index)]
        let made = TimeText.microsecond(timeUs(index)).replacing(" ", with: "T") + "Z"
        func text(transaction: String? = nil, quantity: String? = nil, time: String? = nil) -> String {
            let time = time ?? made
            return #"{"transaction_id":\#(transaction ?? String(Self.firstTransaction + 2 * Int64(index))),"#
                + #""document_id":"\#(document)","asset_id":"\#(asset.id)","asset_type":"\#(CryptoMarket.currency)","#
                + #""transaction_timestamp":"\#(time)","trade_type":"\#(number(index, 4, below: 2) == 0 ? "BUY" : "SELL")","#
                + #""quantity":\#(quantity ?? String(1 + number(index, 5, below: 20))),"ref_date":"\#(time.prefix(10))"}"#
        }
        guard isBad(index) else { return Array(text().utf8) }
        switch number(index, 6, below: 5) {
        case 0: return Array(text().utf8.prefix(90))
        case 1: return Array("order \(index) was cancelled".utf8)
        case 2: return Array(text(transaction: "92233720368547758070").utf8)
        case 3: return Array(text(quantity: "\"ten\"").utf8)
        default: return Array(text(time: "yesterday").utf8)
        }
    }

    private func number(_ index: Int, _ salt: UInt64, below bound: UInt64) -> Int64 {
        SeededNumbers(seed: seed).number(index, 300 + salt, below: bound)
    }
}
