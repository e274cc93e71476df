import JSON
import Testing

@testable import swiftlake

@Suite struct TradeRecordsTests {
    @Test func tradesHaveEveryMemberAndNumbersPastADouble() throws {
        let trades = TradeRecords(seed: 1)
        var transactions = Set<Int64>()
        for index in 0..<600 where !trades.isBad(index) {
            let record = trades.record(index)
            let value = try JSONValue(parsing: record.value)
            #expect(
                value.members?.map(\.name) == [
                    "transaction_id", "document_id", "asset_id", "asset_type", "transaction_timestamp", "trade_type",
                    "quantity", "ref_date",
                ])
            let transaction = try #require(value["transaction_id"]?.integer)
            #expect(Int64(Double(transaction)) != transaction)
            #expect(transactions.insert(transaction).inserted)
            #expect(value["document_id"]?.string == record.key)
            #expect(value["asset_id"]?.string == CryptoMarket.assets[trades.asset(index)].id)
            #expect(["BUY", "SELL"].contains(value["trade_type"]?.string))
            #expect((1...20).contains(value["quantity"]?.integer ?? 0))
            let time = TimeText.microsecond(trades.timeUs(index)).replacing(" ", with: "T") + "Z"
            #expect(value["transaction_timestamp"]?.string == time && value["ref_date"]?.string == "2026-01-05")
        }
    }

    @Test func oneTradeAMinuteIsMadeOnTheMinuteItself() {
        let trades = TradeRecords(seed: 8)
        #expect(stride(from: 0, to: 600, by: 60).allSatisfy { trades.timeUs($0) % 60_000_000 == 0 })
        #expect((0..<600).allSatisfy { (0..<1_000_000).contains(trades.timeUs($0) - TradeRecords.tickMs($0) * 1000) })
    }

    @Test func offsetsOfAPartitionHaveNoGapAndACustomerHasOnePartition() {
        #expect(TradeRecords(seed: 3).topic.walked(900).next == [0: 300, 1: 300, 2: 300])
    }

    @Test func badTradesAreOfEveryKind() {
        let trades = TradeRecords(seed: 1, badRecordRate: 2)
        let texts = (0..<200).filter(trades.isBad).map { String(decoding: trades.record($0).value, as: UTF8.self) }
        #expect((70..<130).contains(texts.count))
        for part in ["was cancelled", "92233720368547758070", #""ten""#, "yesterday"] {
            #expect(texts.contains { $0.contains(part) }, "\(part)")
        }
        #expect(texts.contains { $0.hasPrefix("{") && !$0.hasSuffix("}") })
    }
}
