import JSON
import TestSupport
import Testing

@testable import Lake

@Suite struct LogoListTests {
    private func list(_ text: String) throws -> LogoList { try list(Array(text.utf8)) }
    private func list(_ bytes: [UInt8]) throws -> LogoList { try LogoList(parsing: bytes.span.bytes) }

    @Test func readsAssetAndAddressAndPassesOverTheRest() throws {
        let list = try list(
            #" [{"exchange_id":null,"asset_id":"BTC","url":"https://a/b.png","more":[{"url":"x"}]}, {"url":"u","asset_id":"'; drop table"}] "#
        )
        #expect(
            list.logos == [.init(assetID: "BTC", url: "https://a/b.png"), .init(assetID: "'; drop table", url: "u")])
        #expect(list.dropped == 0 && list.duplicates == 0)
    }

    @Test(arguments: [
        #"{"asset_id":"A"}"#, #"{"url":"u"}"#, #"{"asset_id":null,"url":"u"}"#, #"{"asset_id":"","url":"u"}"#,
        #"{"asset_id":"A","url":""}"#, #"{"asset_id":7,"url":"u"}"#, #"{"asset_id":"A","url":["u"]}"#, "{}", "null",
        "7",
        "[]", #""A""#, #"{"asset_id":{"asset_id":"A"},"url":"u"}"#,
    ])
    func dropsAndCountsWhatIsNoLogo(_ entry: String) throws {
        let list = try list("[\(entry),{\"asset_id\":\"B\",\"url\":\"u\"},\(entry)]")
        #expect(list.logos == [.init(assetID: "B", url: "u")])
        #expect(list.dropped == 2)
    }

    @Test func takesAnEntryOnceAndAnAssetWithTwoLogosTwice() throws {
        let list = try list(
            #"[{"asset_id":"A","url":"1"},{"asset_id":"A","url":"2"},{"url":"1","asset_id":"\u0041"},{"asset_id":"A","url":"1"}]"#
        )
        #expect(list.logos == [.init(assetID: "A", url: "1"), .init(assetID: "A", url: "2")])
        #expect(list.duplicates == 2 && list.dropped == 0)
    }

    @Test func emptyListHasNone() throws { #expect(try list("[]").logos.isEmpty) }

    @Test(arguments: [
        "", " ", "{}", "null", "<!doctype html>", "[", #"[{"asset_id":"A","url":"u"}"#, #"[{"asset_id":"A""#, "[1,]",
        "[] []", #"[{"asset_id":"A" "url":"u"}]"#, "[{\"asset_id\":\"\u{1}\",\"url\":\"u\"}]",
    ])
    func refusesWhatIsNoArray(_ text: String) {
        #expect(throws: JSONError.self) { try list(text) }
    }

    @Test func survivesMutationsAndTruncations() {
        let sample = Array(
            #"[{"exchange_id":null,"asset_id":"B\u00e9C","url":"https:\/\/a/b.png"},{"asset_id":1},null]"#.utf8)
        for end in sample.indices {
            #expect(throws: JSONError.self) { try list(Array(sample[..<end])) }
        }
        var random = SeededGenerator(seed: 7)
        for _ in 0..<20_000 {
            var bytes = sample
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            _ = try? list(bytes)
        }
    }
}
