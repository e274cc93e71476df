internal import Iceberg
internal import Simulation

/// What the lake holds of the market.
struct CryptoLake {
    static let assetsTable = "crypto_db.crypto_assets"
    static let quotesTable = "crypto_db.crypto_quote"
    static let tradesTable = "crypto_db.crypto_trader"
    static let view = "crypto_db.crypto_trader_view"

    var quotes = TopicProgress()
    var trades = TopicProgress()
    var logoRows: Int64 = 0
    var quoteRows: Int64 = 0
    var tradeRows: Int64 = 0
    var deadLetters: Int64 = 0

    /// Reads the lake; one that does not exist holds nothing.
    static func state(_ place: LakePlace) throws -> CryptoLake {
        var state = CryptoLake()
        guard place.exists else { return state }
        for table in try LakeInspector(place).tables() {
            switch "\(table.identifier)" {
            case assetsTable: state.logoRows = try table.rowCount()
            case quotesTable:
                state.quoteRows = try table.rowCount()
                state.quotes.next = try next(QuoteRecords.topicName, in: table)
            case tradesTable:
                state.tradeRows = try table.rowCount()
                state.trades.next = try next(TradeRecords.topicName, in: table)
            case SensorLake.deadLetterTable:
                state.deadLetters = try table.rowCount()
                state.quotes.nextDeadLetter = try next(QuoteRecords.topicName, in: table, for: quotesTable)
                state.trades.nextDeadLetter = try next(TradeRecords.topicName, in: table, for: tradesTable)
            default: continue
            }
        }
        return state
    }

    /// Of each partition the offset after the last that a table took.
    /// - Parameter target: of dead letters, the table that the rows were meant for: each is a source of its own.
    private static func next(
        _ topic: String, in table: InspectedTable, for target: String? = nil
    ) throws -> [Int: Int64] {
        let source = GeneratedKafkaEvent.clusterARN + (target.map { "#\($0)" } ?? "")
        guard let marks = try table.watermarks().first(where: { $0.source == source }) else { return [:] }
        var next: [Int: Int64] = [:]
        for (shard, mark) in marks.shards where shard.hasPrefix("\(topic)-") {
            guard let partition = Int(shard.dropFirst(topic.count + 1)), let last = Int64(mark.last.description) else {
                continue
            }
            next[partition] = last + 1
        }
        return next
    }
}
