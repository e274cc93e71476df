import Testing

@testable import Lake

@Suite struct QuotesDefinitionTests {
    private static let table = """
        , {"name": "db.q", "columns": [{"name": "asset_id", "type": "string"}, {"name": "asset_type", "type": "string"},
          {"name": "start_window", "type": "timestamp"}, {"name": "end_window", "type": "timestamp"},
          {"name": "price_crypto", "type": "double"}, {"name": "ref_date", "type": "date"}]},
          {"name": "db.a", "columns": [{"name": "asset_id", "type": "string"}, {"name": "url", "type": "string"},
          {"name": "load_date", "type": "timestamp"}]}
        """

    private func sample(
        _ quotes: String, source: String = #"{"kind": "kafka", "topic": "t"}"#, decoder: String = "bars",
        assets: String? = nil
    ) -> SampleDefinition {
        var sample = SampleDefinition()
        sample.tables = Self.table
        let table = decoder == "bars" ? "db.q" : "db.t"
        sample.stream = """
            {"name": "s", "source": \(source), "table": "\(table)", "decoder": "\(decoder)", "onBadRecord": "drop"}
            """
        sample.root = "\"quotes\": \(quotes)"
        if let assets { sample.root += #", "assets": {"table": "db.a", "symbols": \#(assets)}"# }
        return sample
    }

    @Test func whatIsNotSaidHasADefault() throws {
        let definition = try sample(#"{"stream": "s"}"#, assets: #"["BTC/USD", "ETH/EUR"]"#).parsed()
        let quotes = try #require(definition.quotes)
        #expect(quotes.stream == "s" && quotes.url == "https://data.alpaca.markets" && quotes.intervalMs == 5_000)
        #expect(quotes.symbols == ["BTC/USD", "ETH/EUR"])
    }

    @Test func symbolsOfQuotesComeBeforeThoseOfAssets() throws {
        let text = #"{"stream": "s", "symbols": ["SOL/USD"], "url": "http://localhost:8/a/", "interval": "1m"}"#
        let quotes = try #require(sample(text, assets: #"["BTC/USD"]"#).parsed().quotes)
        #expect(quotes.symbols == ["SOL/USD"] && quotes.url == "http://localhost:8/a" && quotes.intervalMs == 60_000)
        #expect(try SampleDefinition().parsed().quotes == nil)
    }

    @Test(arguments: [
        (#"{}"#, "$.quotes"), (#"[]"#, "$.quotes"), (#"{"stream": "s"}"#, "needs symbols"),
        (#"{"stream": "s", "symbols": []}"#, "$.quotes.symbols: needs symbols"),
        (#"{"stream": "s", "symbols": ["BTCUSD"]}"#, "is not a symbol"),
        (#"{"stream": "s", "symbols": ["A/B", "A/B"]}"#, "there is another symbol"),
        (#"{"stream": "other", "symbols": ["A/B"]}"#, "$.quotes.stream: there is no stream \"other\""),
        (#"{"stream": "s", "symbols": ["A/B"], "interval": "61s"}"#, "$.quotes.interval"),
        (#"{"stream": "s", "symbols": ["A/B"], "interval": "0s"}"#, "$.quotes.interval"),
        (#"{"stream": "s", "symbols": ["A/B"], "interval": 5}"#, "$.quotes.interval"),
        (#"{"stream": "s", "symbols": ["A/B"], "url": "http://example.com"}"#, "$.quotes.url"),
        (#"{"stream": "s", "symbols": ["A/B"], "key": "x"}"#, "$.quotes.key"),
    ])
    func whatCannotBeIsNamed(_ quotes: String, _ part: String) {
        let problems = sample(quotes).problems()
        #expect(problems.contains { $0.contains(part) }, "\(problems)")
    }

    @Test func quotesGoToATopicOfBars() {
        let quotes = #"{"stream": "s", "symbols": ["A/B"]}"#
        #expect(
            sample(quotes, source: #"{"kind": "kinesis", "name": "k"}"#).problems()
                == ["$.streams[0].decoder: \"bars\" are read from topics of Kafka, not from a Kinesis stream"])
        #expect(
            sample(quotes, decoder: "json").problems() == ["$.quotes.stream: the stream \"s\" does not read \"bars\""])
    }
}
