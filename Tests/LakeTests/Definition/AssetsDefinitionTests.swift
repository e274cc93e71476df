import Testing

@testable import Lake

@Suite struct AssetsDefinitionTests {
    private static let table =
        #", {"name": "db.a", "columns": [{"name": "asset_id", "type": "string"}, {"name": "url", "type": "string"}, "#
        + #"{"name": "load_date", "type": "timestamp"}]}"#

    private func sample(_ members: String, table: String = table) -> SampleDefinition {
        SampleDefinition(tables: table, root: #""assets": {\#(members)}"#)
    }

    @Test func placeAndSizeHaveDefaults() throws {
        let assets = try #require(try sample(#""table": "db.a", "symbols": ["BTC/USD", "ETH/USD"]"#).parsed().assets)
        #expect(assets.table.description == "db.a")
        #expect(assets.url == "https://rest.coinapi.io" && assets.iconSize == 32)
        #expect(assets.symbols == ["BTC/USD", "ETH/USD"])
    }

    @Test(arguments: [
        ("https://a.example/", "https://a.example"), ("https://a.example:8443/v1/x", "https://a.example:8443/v1/x"),
        ("http://localhost:8080", "http://localhost:8080"), ("http://127.0.0.1", "http://127.0.0.1"),
        ("http://[::1]:1/", "http://[::1]:1"),
    ])
    func addressesAreSecureOrLocal(_ text: String, _ expected: String) throws {
        let definition = try sample(#""table": "db.a", "symbols": [], "url": "\#(text)""#).parsed()
        #expect(definition.assets?.url == expected)
    }

    @Test(arguments: [
        "", "https://", "http://a.example", "http://localhost.example", "http://localhost:0", "ftp://a", "https://a b",
        "https://user@a", "https://a?x", "https://a/#x", "https://a:70000", "https://a:", "http://[::2]",
    ])
    func otherAddressesAreRefused(_ text: String) {
        let found = sample(#""table": "db.a", "symbols": [], "url": "\#(text)""#).problems()
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("$.assets.url: \"\(text)\" is no address of a service") == true)
    }

    @Test func symbolsHaveTwoPartsAndOccurOnce() {
        let symbols = ["BTC/USD", "BTC", "A/B/C", "/USD", "BTC/", "A B/C", "BTC/USD"].map { "\"\($0)\"" }
        let found = sample(#""table": "db.a", "symbols": [\#(symbols.joined(separator: ", "))]"#).problems()
        #expect(
            found == [
                "$.assets.symbols[1]: \"BTC\" is not a symbol: write BASE/QUOTE, such as BTC/USD",
                "$.assets.symbols[2]: \"A/B/C\" is not a symbol: write BASE/QUOTE, such as BTC/USD",
                "$.assets.symbols[3]: \"/USD\" is not a symbol: write BASE/QUOTE, such as BTC/USD",
                "$.assets.symbols[4]: \"BTC/\" is not a symbol: write BASE/QUOTE, such as BTC/USD",
                "$.assets.symbols[5]: \"A B/C\" is not a symbol: write BASE/QUOTE, such as BTC/USD",
                "$.assets.symbols[6]: there is another symbol \"BTC/USD\"",
            ])
    }

    @Test(arguments: ["0", "1025", "1.5", "\"32\"", "-1"])
    func otherSizesAreRefused(_ size: String) {
        let found = sample(#""table": "db.a", "symbols": [], "iconSize": \#(size)"#).problems()
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("$.assets.iconSize: expected a whole number from 1 to ") == true)
    }

    @Test func theTableHasTheColumnsOfLogos() {
        let members = #""table": "db.a", "symbols": []"#
        #expect(
            sample(members, table: "").problems() == [
                "$.assets.table: there is no table \"db.a\"; did you mean \"db.t\"?"
            ])
        let other =
            #", {"name": "db.a", "format": "parquet", "columns": [{"name": "url", "type": "int"}, "#
            + #"{"name": "asset_id", "type": "string"}, {"name": "x", "type": "int", "required": true}]}"#
        #expect(
            sample(members, table: other).problems() == [
                "$.assets.table: \"db.a\" is of format parquet; logos need a table of format iceberg",
                "$.tables[1].columns: the column \"url\" must be of type string for logos",
                "$.tables[1].columns: lacks the column \"load_date\" of type timestamp for logos",
                "$.tables[1].columns: the column \"x\" must not be required: logos may lack it",
            ])
    }
}
