import Simulation
import Testing

@testable import swiftlake

@Suite struct QuoteReckoningTests {
    private let quotes = QuoteRecords(seed: 2)

    private func reckoning(_ next: [Int: Int64]) -> QuoteReckoning {
        QuoteReckoning(quotes, TopicProgress(next: next), .standard)
    }

    @Test func aWindowIsWrittenTwoMinutesAfterItsEnd() {
        // Five minutes of one partition: 60 ticks of two assets. The largest time is at most at 4:55.
        let early = reckoning([0: 120]).windows
        let starts = Set(early.keys.map { ($0.startMs - CryptoMarket.openingMs) / 60_000 })
        #expect(starts == [0, 1])
        #expect(Set(early.keys.map(\.asset)) == [0, 3])
        #expect(reckoning([0: 60]).windows.isEmpty)
    }

    @Test func aPriceIsTheHighestOfItsWindow() throws {
        let windows = reckoning([0: 120]).windows
        let key = QuoteReckoning.Window(asset: 0, startMs: CryptoMarket.openingMs)
        let prices = (0..<120).compactMap { quotes.bar(QuoteRecords.index(0, $0)) }
            .filter { $0.asset == 0 && $0.timeMs < CryptoMarket.openingMs + 60_000 }.compactMap { Double($0.price) }
        #expect(windows[key] == prices.max())
    }

    @Test func moreRecordsOnlyAddWindows() {
        var before = reckoning([0: 400, 1: 300])
        for next in stride(from: Int64(400), to: 1200, by: 100) {
            let after = reckoning([0: next, 1: 300])
            #expect(before.windows.allSatisfy { after.windows[$0.key] == $0.value })
            #expect(after.late >= before.late)
            before = after
        }
    }

    @Test func lateQuotesAreCountedAndLeftOut() {
        let next: Int64 = 20_000
        let late = (0..<next).count { offset in
            let index = QuoteRecords.index(1, offset)
            return quotes.bar(index).map { quotes.tickMs(index) - $0.timeMs == 900_000 } ?? false
        }
        #expect(late > 0 && reckoning([1: next]).late == late)
    }
}
