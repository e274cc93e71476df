import Calendar
import JSON
import Testing

@testable import Simulation

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
            let time = CivilTime.microsecond(ofUs: trades.timeUs(index), separator: "T") + "Z"
            #expect(value["transaction_timestamp"]?.string == time && value["ref_date"]?.string == "2026-01-05")
        }
    }

    @Test func oneTradeAMinuteIsMadeOnTheMinuteItself() {
        let trades = TradeRecords(seed: 8)
        #expect(stride(from: 0, to: 600, by: 60).allSatisfy { trades.timeUs($0) % 60_000_000 == 0 })
        #expect((0..<600).allSatisfy { (0..<1_000_000).contains(trades.timeUs($0) - trades.tickMs($0) * 1000) })
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

    @Test(arguments: [1, 7, 200, 9_999])
    func numbersByTimeAreUniqueWhateverTheRateAndTheStart(_ rate: Int) {
        let starts: [Int64] = [0, 1_795_000_000_000, 1_795_000_000_250]
        var times = Set<Int64>()
        for startMs in starts {
            let trades = TradeRecords(seed: 1, pace: Pace(startMs: startMs, perSecond: rate), numbering: .time)
            let first = trades.pace.index(atMs: 1_795_000_001_000)
            var last = Int64.min
            for index in first..<first + 2_000 {
                let transaction = trades.transaction(index)
                #expect(transaction > last && transaction % 2 == 1)
                last = transaction
                times.insert(trades.timeUs(index))
            }
        }
        #expect(times.count >= 2_000)
    }

    @Test func aTradeIsMadeBeforeTheNextIsDue() {
        for rate in [1, 3, 200, 1_000_000] {
            let trades = TradeRecords(seed: 4, pace: Pace(startMs: 0, perSecond: rate))
            for index in 1_795_000_000..<1_795_001_000 {
                #expect((trades.pace.timeUs(index)..<trades.pace.timeUs(index + 1)).contains(trades.timeUs(index)))
            }
        }
    }

    @Test func whatIsSentIsKeyedByTheCustomer() throws {
        let trades = TradeRecords(seed: 3)
        let record = try #require(trades.stream.record(5))
        #expect(record.key == trades.record(5).key && record.value == trades.record(5).value)
    }
}
