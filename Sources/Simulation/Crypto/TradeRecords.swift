internal import Calendar

/// The topic `coinbase-trades`, generated: one trade a second, keyed by the customer.
public struct TradeRecords: Equatable, Sendable {
    /// What the numbers of trades are made from.
    public enum Numbering: Equatable, Sendable {
        /// The record's number: short, and the same whenever the stream begins.
        case records
        /// The time of the trade, in microseconds: whatever the rate and the start, two trades have the same number only
        /// if they were made in the same microsecond.
        case time
    }

    /// What the trades are made from.
    public let seed: UInt64
    /// When trades are made.
    public let pace: Pace
    /// What the numbers of trades are made from.
    public let numbering: Numbering
    /// About one record in this many is bad; 0 for none.
    public let badRecordRate: UInt64

    /// As `lake.json` and Kafka name the topic.
    public static let topicName = "coinbase-trades"
    /// How many partitions the demo's topic has.
    public static let partitions = 3
    /// One trade a second, as the demo has it.
    public static let demoPace = Pace(records: 1, periodUs: 1_000_000)
    /// Customers of each partition.
    private static let customers: UInt64 = 100
    /// Odd, and past what a double can count: a reader that knows no whole numbers would round it.
    private static let firstTransaction: Int64 = 9_007_199_254_740_993

    /// Trades. The parameters with a default have the demo's values.
    public init(
        seed: UInt64, pace: Pace = demoPace, numbering: Numbering = .records, badRecordRate: UInt64 = 800
    ) {
        self.seed = seed
        self.pace = pace
        self.numbering = numbering
        self.badRecordRate = badRecordRate
    }

    /// How many records the topic takes in its first milliseconds.
    public func count(ofMs milliseconds: Int64) -> Int { pace.index(atMs: pace.startMs + milliseconds) }

    /// The topic of the demo, with its partitions and offsets.
    public var topic: GeneratedTopic {
        GeneratedTopic(name: Self.topicName, partitions: Self.partitions, record: record, index: Self.index)
    }

    /// The trades for what sends them on.
    public var stream: SimulatedStream {
        SimulatedStream(
            name: Self.topicName,
            record: { index in
                let document = document(index)
                return SimulatedRecord(key: document, value: value(index, document), timeMs: timeUs(index) / 1000)
            }, index: pace.index, timeMs: pace.timeMs)
    }

    /// The number of the record with this offset of this partition.
    public static func index(_ partition: Int, _ offset: Int64) -> Int { Int(offset) * partitions + partition }

    /// Whether record `n` is one that cannot be decoded.
    public func isBad(_ index: Int) -> Bool { SeededNumbers(seed: seed).strikes(index, 300, oneIn: badRecordRate) }

    /// The number of the asset that trade `n` is about.
    public func asset(_ index: Int) -> Int { Int(number(index, 1, below: UInt64(CryptoMarket.assets.count))) }

    /// When trade `n` was due, in milliseconds since the epoch: it was made then or soon after, before the next was due.
    public func tickMs(_ index: Int) -> Int64 { pace.timeMs(index) }

    /// The number of trade `n`.
    public func transaction(_ index: Int) -> Int64 {
        switch numbering {
        case .records: Self.firstTransaction + 2 * Int64(index)
        case .time: Self.firstTransaction + 2 * timeUs(index)
        }
    }

    /// When trade `n` was made, in microseconds since the epoch: those due on the minute, on the minute
    /// itself.
    public func timeUs(_ index: Int) -> Int64 {
        let dueUs = pace.timeUs(index)
        guard dueUs % 60_000_000 != 0 else { return dueUs }
        return dueUs + number(index, 2, below: UInt64(max(1, pace.intervalUs * 9 / 10)))
    }

    /// Record `n`.
    public func record(_ index: Int) -> GeneratedKafkaRecord {
        let document = document(index)
        return GeneratedKafkaRecord(
            partition: index % Self.partitions, offset: Int64(index / Self.partitions),
            timestampMs: timeUs(index) / 1000 + 40,
            key: document, value: value(index, document))
    }

    /// The identity document of the customer of trade `n`: eight digits and a letter.
    private func document(_ index: Int) -> String {
        let customer =
            number(index, 3, below: Self.customers) * Int64(Self.partitions) + Int64(index % Self.partitions)
        let number = 40_000_000 + customer * 79_193
        return "\(number)" + String(Array("TRWAGMYFPDXBNJZSQVHLCKE")[Int(number % 23)])
    }

    /// The bytes of record `n`: a trade, or something that a broken producer sends.
    private func value(_ index: Int, _ document: String) -> [UInt8] {
        let asset = CryptoMarket.assets[asset(index)]
        let made = CivilTime.microsecond(ofUs: timeUs(index), separator: "T") + "Z"
        func text(transaction: String? = nil, quantity: String? = nil, time: String? = nil) -> String {
            let time = time ?? made
            return #"{"transaction_id":\#(transaction ?? String(self.transaction(index))),"#
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
