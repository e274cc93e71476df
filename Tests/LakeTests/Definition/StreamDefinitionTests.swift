import Testing

@testable import Lake

@Suite struct StreamDefinitionTests {
    private static let quoteColumns =
        #"[{"name": "asset_id", "type": "string"}, {"name": "asset_type", "type": "string"}, "#
        + #"{"name": "start_window", "type": "timestamp"}, {"name": "end_window", "type": "timestamp"}, "#
        + #"{"name": "price_crypto", "type": "double"}, {"name": "ref_date", "type": "date"}]"#

    private func stream(_ members: String, source: String = #"{"kind": "kafka", "topic": "t"}"#) -> String {
        #"{"name": "s", "source": \#(source), "table": "db.t", "onBadRecord": "drop"\#(members)}"#
    }

    private func problems(
        _ members: String = "", source: String = #"{"kind": "kafka", "topic": "t"}"#,
        columns: String = quoteColumns, table: String = ""
    ) -> [String] {
        SampleDefinition(columns: columns, table: table, stream: stream(members, source: source)).problems()
    }

    @Test func barsHaveWindowsAndAnIndex() throws {
        let members = #", "decoder": "bars", "window": {"length": "30s", "delay": "1h"}, "index": "crypto_quote""#
        var sample = SampleDefinition(columns: Self.quoteColumns, stream: stream(members))
        // A document that the index refuses is a dead letter, whatever becomes of bad records.
        #expect(
            sample.problems() == ["$: there is no table \"lake_db.dead_letters\" for the dead letters of \"s\""])
        sample.tables = #", {"name": "lake_db.dead_letters", "columns": [\#(TemporaryLake.deadLetterColumns)]}"#
        let definition = try #require(try sample.parsed().streams.first)
        #expect(definition.source == .kafka(topic: "t", cluster: nil))
        #expect(definition.decoder == .bars)
        #expect(definition.window == WindowDefinition(lengthMs: 30_000, delayMs: 3_600_000, maximumAheadMs: 600_000))
        #expect(definition.index == "crypto_quote")
    }

    @Test(arguments: [
        (
            #"{"length": "0m"}"#,
            "length: \"0m\" is not a length of time; write a whole number and d, h, m or s, such as \"2m\""
        ),
        (
            #"{"delay": "x"}"#,
            "delay: \"x\" is not a length of time; write a whole number and d, h, m or s, such as \"2m\""
        ),
        (#"{"length": "7m"}"#, "length: must divide a day, so that no window holds the end of one"),
        (#"{"length": "2d"}"#, "length: \"2d\" is too long: at most 1d"),
        (#"{"maximumAhead": "169h"}"#, "maximumAhead: \"169h\" is too long: at most 7d"),
    ])
    func windowsHaveBounds(_ window: String, _ problem: String) {
        #expect(problems(#", "decoder": "bars", "window": \#(window)"#).contains("$.streams[0].window.\(problem)"))
    }

    @Test(arguments: ["Quote", "-a", "_a", ".a", "a b", "a/b", "a*", "", String(repeating: "a", count: 256)])
    func otherNamesOfIndexesAreRefused(_ name: String) {
        let found = problems(#", "decoder": "bars", "index": "\#(name)""#)
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("$.streams[0].index: \"\(name)\" cannot be the name of an index") == true)
    }

    @Test func windowAndIndexBelongToBars() {
        #expect(
            problems(#", "window": {}, "index": "a""#) == [
                "$.streams[0].window: means something only beside \"decoder\": \"bars\"",
                "$.streams[0].index: means something only beside \"decoder\": \"bars\"",
            ])
        #expect(
            problems(#", "decoder": "bars""#, source: #"{"kind": "kinesis", "name": "s"}"#) == [
                "$.streams[0].decoder: \"bars\" are read from topics of Kafka, not from a Kinesis stream"
            ])
    }

    @Test func barsNeedTheirColumns() {
        let columns =
            #"[{"name": "asset_id", "type": "binary"}, {"name": "x", "type": "int", "required": true}]"#
        let found = problems(#", "decoder": "bars""#, columns: columns)
        #expect(found.count == QuoteTable.columns.count + 1)
        #expect(found.contains("$.tables[0].columns: the column \"asset_id\" must be of type string for bars"))
        #expect(found.contains("$.tables[0].columns: lacks the column \"ref_date\" of type date for bars"))
        #expect(found.contains("$.tables[0].columns: the column \"x\" must not be required: bars may lack it"))
    }

    @Test(arguments: [
        "arn:aws:kafka:eu-west-1:123456789012:cluster/lake/0b5c-1", "arn:aws-cn:kafka:cn-north-1:1:cluster/a/b",
        "broker-1.example.com:9092", "localhost:65535",
    ])
    func aClusterIsAnARNOrABootstrapServer(_ cluster: String) {
        #expect(problems(source: #"{"kind": "kafka", "topic": "t", "cluster": "\#(cluster)"}"#) == [])
    }

    @Test(arguments: [
        "", "lake", "broker:", "broker:0", "broker:65536", ":9092", "a b:1", "arn:aws:kafka:r:1:cluster/lake",
        "arn:aws:kinesis:r:1:cluster/lake/u", "arn:aws:kafka:r:1:topic/lake/u", "b-1:9092,b-2:9092",
    ])
    func otherClustersAreRefused(_ cluster: String) {
        let found = problems(source: #"{"kind": "kafka", "topic": "t", "cluster": "\#(cluster)"}"#)
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("$.streams[0].source.cluster: \"\(cluster)\" names no cluster") == true)
    }

    @Test func topicsHaveTheNamesThatKafkaTakes() {
        func problems(_ topic: String) -> Int {
            self.problems(source: #"{"kind": "kafka", "topic": "\#(topic)"}"#).count
        }
        #expect(problems(String(repeating: "a", count: 249)) == 0)
        for topic in [String(repeating: "a", count: 250), "", ".", "..", "a b", "ä"] { #expect(problems(topic) == 1) }
    }

    @Test func aTopicOfTwoStreamsNeedsTwoClusters() throws {
        func sample(_ first: String, _ second: String) -> SampleDefinition {
            var sample = SampleDefinition()
            sample.stream = [("a", first), ("b", second)].map { name, cluster in
                #"{"name": "\#(name)", "source": {"kind": "kafka", "topic": "t"\#(cluster)}, "table": "db.t", "#
                    + #""onBadRecord": "drop"}"#
            }.joined(separator: ", ")
            return sample
        }
        let arn = "arn:aws:kafka:r:1:cluster/c/u"
        #expect(sample("", "").problems() == ["$.streams[1].source: is the source of the stream \"a\" already"])
        #expect(sample(#", "cluster": "b:1""#, #", "cluster": "b:1""#).problems().count == 1)
        let both = try sample("", #", "cluster": "\#(arn)""#).parsed()
        #expect(both.stream(kafkaTopic: "t", clusterARN: arn, bootstrapServers: [])?.name == "b")
        #expect(both.stream(kafkaTopic: "t", clusterARN: "arn:other", bootstrapServers: [])?.name == "a")
        #expect(both.stream(kafkaTopic: "t", clusterARN: nil, bootstrapServers: ["b:1"])?.name == "a")
        #expect(both.stream(kafkaTopic: "u", clusterARN: arn, bootstrapServers: []) == nil)
        let servers = try sample(#", "cluster": "b:1""#, #", "cluster": "c:1""#).parsed()
        #expect(servers.stream(kafkaTopic: "t", clusterARN: nil, bootstrapServers: ["x:1", "c:1"])?.name == "b")
        #expect(servers.stream(kafkaTopic: "t", clusterARN: nil, bootstrapServers: ["x:1"]) == nil)
    }

    @Test func plainTablesTakeRecordsOfKinesisOnly() {
        let message = "\"db.t\" is of format parquet; records of Kafka need a table of format iceberg"
        #expect(problems(table: #""format": "parquet""#) == ["$.streams[0].table: \(message)"])
        #expect(SampleDefinition(table: #""format": "parquet""#).problems() == [])
    }

    /// The names of the files could not tell the records of one from the other's.
    @Test func aPlainTableTakesOneStreamOfAName() {
        func problems(_ first: String, _ second: String, format: String) -> [String] {
            var sample = SampleDefinition(table: "\"format\": \"\(format)\"")
            sample.stream = [("a", first), ("b", second)].map { name, source in
                #"{"name": "\#(name)", "source": {"kind": "kinesis", \#(source)}, "table": "db.t", "onBadRecord": "drop"}"#
            }.joined(separator: ", ")
            return sample.problems()
        }
        let here = #""arn": "arn:aws:kinesis:eu-west-1:1:stream/readings""#
        let there = #""arn": "arn:aws:kinesis:us-east-1:1:stream/readings""#
        for (first, second) in [(here, there), (#""name": "readings""#, there)] {
            #expect(
                problems(first, second, format: "parquet") == [
                    "$.streams[1].table: the stream \"a\" fills this table of format parquet from a stream of the same name: "
                        + "their files would pass for each other's"
                ])
            #expect(problems(first, second, format: "iceberg") == [])
        }
        #expect(problems(here, #""name": "others""#, format: "parquet") == [])
    }
}
