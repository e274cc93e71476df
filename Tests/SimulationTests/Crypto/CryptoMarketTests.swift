import Testing

@testable import Simulation

@Suite struct CryptoMarketTests {
    @Test func pricesStayNearTheirAverageAndMove() {
        let market = CryptoMarket(seed: 7)
        for (number, asset) in CryptoMarket.assets.enumerated() {
            let prices = (0..<500).map { market.price(ofAsset: number, atMs: CryptoMarket.openingMs + $0 * 60_000) }
            #expect(prices.allSatisfy { abs($0 - asset.price) * 100 < asset.price * 3 })
            #expect(Set(prices).count > 250)
        }
    }

    @Test func aPriceHasTheAssetsDigits() {
        #expect(CryptoMarket.assets[0].text(9_312_500) == "93125.00")
        #expect(CryptoMarket.assets[4].text(143_210) == "0.143210")
    }

    @Test func timesBeforeTheOpeningHavePricesToo() {
        #expect(CryptoMarket(seed: 1).price(ofAsset: 0, atMs: CryptoMarket.openingMs - 900_000) > 0)
    }
}
