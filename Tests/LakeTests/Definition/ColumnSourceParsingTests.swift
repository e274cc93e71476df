import Testing

@testable import Lake

@Suite struct ColumnSourceParsingTests {
    private static let kafka =
        #"{"name": "s", "source": {"kind": "kafka", "topic": "t"}, "table": "db.t", "onBadRecord": "drop"}"#

    private func sample(_ column: String, kafka: Bool = true) -> SampleDefinition {
        var sample = SampleDefinition(columns: #"[{"name": "a", \#(column)}]"#)
        if kafka { sample.stream = Self.kafka }
        return sample
    }

    @Test(
        arguments: [
            ("ü b", "boolean", .member("ü b")), ("@key", "string", .key), ("@key", "binary", .key),
            ("@header:trace-id", "string", .header("trace-id")), ("@header:x", "binary", .header("x")),
            ("@topic", "string", .topic), ("@partition", "int", .partition), ("@partition", "string", .partition),
            ("@offset", "long", .offset), ("@offset", "string", .offset), ("@timestamp", "timestamp", .timestamp),
        ] as [(String, String, ColumnSource)])
    func columnsAreFilledFromPartsOfTheirType(_ text: String, _ type: String, _ expected: ColumnSource) throws {
        let definition = try sample(#""type": "\#(type)", "from": "\#(text)""#).parsed()
        #expect(definition.tables[0].columns[0].source == expected)
    }

    @Test(arguments: [
        ("@key", "int", "it fills string, binary"), ("@header:x", "long", "it fills string, binary"),
        ("@topic", "binary", "it fills string"), ("@partition", "long", "it fills int, string"),
        ("@offset", "int", "it fills long, string"), ("@timestamp", "date", "it fills timestamp"),
    ])
    func otherTypesAreRefused(_ text: String, _ type: String, _ end: String) {
        let problem = "$.tables[0].columns[0].from: does not fill a column of type \(type); \(end)"
        #expect(sample(#""type": "\#(type)", "from": "\#(text)""#).problems() == [problem])
    }

    @Test(arguments: ["", "@", "@keys", "@header:", "@Key"])
    func otherFormsAreRefused(_ text: String) {
        let found = sample(#""type": "string", "from": "\#(text)""#).problems()
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("$.tables[0].columns[0].from: \"\(text)\" is no part of a record") == true)
    }

    @Test func aTimeFormatNeedsTextToDescribe() {
        let column = #""type": "timestamp", "from": "@timestamp", "timeFormat": "epoch_ms""#
        #expect(
            sample(column).problems() == [
                "$.tables[0].columns[0].timeFormat: means nothing here: the column is not filled from the record's JSON"
            ])
    }

    @Test(arguments: [
        ("@header:x", "string", "records of Kinesis have no headers"), ("@partition", "int", "a shard's id is text"),
        ("@offset", "long", "a shard sequence number has more digits than a long"),
    ])
    func whatKinesisLacksFillsNoColumn(_ text: String, _ type: String, _ reason: String) {
        let sample = sample(#""type": "\#(type)", "from": "\#(text)""#, kafka: false)
        #expect(
            sample.problems() == ["$.streams[0].table: the column \"a\" cannot be filled from this stream: \(reason)"])
    }

    @Test(arguments: ["", "personal data", "a:b", "a;b", "a,b"])
    func aClassificationIsOneWord(_ text: String) {
        let found = sample(#""type": "string", "classification": "\#(text)""#).problems()
        #expect(
            found == [
                "$.tables[0].columns[0].classification: \"\(text)\" is not a classification: write one word, such as "
                    + "personal-data"
            ])
    }
}
