import JSON
import Simulation
import Testing

@testable import swiftlake

@Suite struct GeneratedLogosTests {
    @Test func theListHasTheMarketAndManyOthersAndGaps() throws {
        let logos = GeneratedLogos(seed: 1)
        let entries = try #require(try JSONValue(parsing: logos.text).elements)
        let whole = entries.filter { $0["asset_id"]?.string != nil && $0["url"]?.string != nil }
        #expect(whole.count == logos.logoCount && entries.count - whole.count == logos.droppedCount)
        #expect(whole.count > 2000 && logos.droppedCount > 2)
        let assets = whole.compactMap { $0["asset_id"]?.string }
        #expect(Set(assets).count == assets.count)
        #expect(CryptoMarket.assets.allSatisfy { assets.contains($0.id) })
        #expect(
            whole.allSatisfy {
                let url = $0["url"]?.string ?? ""
                return url.hasPrefix("https://s3.") && url.contains("/png_32/") && url.hasSuffix(".png")
            })
    }
}
