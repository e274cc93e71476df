@testable import Lake
import Testing

@Suite("Definition of alerts")
struct AlertsDefinitionTests {
    static let columns = AlertTable.columns.map {
        "{\"name\":\"\($0.name)\",\"type\":\"\($0.type.rawValue)\",\"required\":\($0.isRequired)}"
    }.joined(separator: ",")

    private static func sample(
        rules: String = #"{"name": "high", "kind": "limit", "column": "c", "above": 1}"#, table: String = "db.alerts",
        key: String = "id", time: String = "at", columns: String = columns, more: String = "",
        source: String = #"{"kind": "kinesis", "name": "s"}"#
    ) -> SampleDefinition {
        SampleDefinition(
            stream: """
                {"name": "s", "source": \(source), "table": "db.t", "onBadRecord": "drop", "alerts": {"table": "\(table)",
                "key": "\(key)", "time": "\(time)", "rules": [\(rules)]\(more)}}
                """, tables: ", {\"name\": \"db.alerts\", \"columns\": [\(columns)]}")
    }

    @Test func readsEveryKindOfRule() throws {
        let rules = """
            {"name": "high", "kind": "limit", "column": "c", "above": 1, "below": -1, "keys": ["7"]},
            {"name": "jump", "kind": "rate", "column": "id", "change": 2.5, "per": "90s"},
            {"name": "odd", "kind": "z-score", "column": "c", "above": 6},
            {"name": "odder", "kind": "z-score", "column": "c", "above": 6, "weight": 0.5, "warmUp": 3, "deviation": 0.25},
            {"name": "gone", "kind": "silence", "after": "2h"}
            """
        let sample = Self.sample(rules: rules, more: #", "cooldown": "30s""#)
        #expect(sample.problems() == [])
        let alerts = try #require(try sample.parsed().streams.first?.alerts)
        #expect(alerts.cooldownMs == 30_000 && alerts.table.description == "db.alerts")
        #expect(
            alerts.rules.map(\.kind) == [
                .limit(column: "c", above: 1, below: -1), .rate(column: "id", change: 2.5, perMs: 90_000),
                .zScore(column: "c", above: 6, weight: 0.05, warmUp: 30),
                .zScore(column: "c", above: 6, weight: 0.5, warmUp: 3, deviation: 0.25), .silence(afterMs: 7_200_000),
            ])
        #expect(alerts.rules.map(\.keys) == [["7"], nil, nil, nil, nil])
        #expect(try Self.sample().parsed().streams.first?.alerts?.cooldownMs == 600_000)
    }

    @Test(
        "everything that does not fit is told",
        arguments: [
            (
                sample(key: "idd"),
                "$.streams[0].alerts.key: the table \"db.t\" has no column \"idd\"; did you mean \"id\"?"
            ),
            (
                sample(key: "c"),
                "$.streams[0].alerts.key: the column \"c\" is of type double; what a reading is of is told by a column of type "
                    + "int, long or string"
            ),
            (
                sample(time: "id"),
                "$.streams[0].alerts.time: the column \"id\" is of type int; when it was taken, by a column of type timestamp "
                    + "or timestamptz"
            ),
            (
                sample(rules: #"{"name": "r", "kind": "limit", "column": "at", "above": 1}"#),
                "$.streams[0].alerts.rules: the column \"at\" is of type timestamp; the rule \"r\" looks at a column of type "
                    + "int, long, float or double"
            ),
            (sample(table: "db.other"), "$.streams[0].alerts.table: there is no table \"db.other\""),
            (sample(table: "db.t"), "$.streams[0].alerts.table: is filled by the stream \"s\" already"),
            (
                sample(columns: columns.replacing("\"alert_id\"", with: "\"alert\"")),
                "$.tables[1].columns: lacks the column \"alert_id\" of type string for alerts"
            ),
            (
                sample(
                    columns: columns.replacing(
                        "\"name\":\"value\",\"type\":\"double\"", with: "\"name\":\"value\",\"type\":\"int\"")),
                "$.tables[1].columns: the column \"value\" must be of type double for alerts"
            ),
            (
                sample(columns: columns + #",{"name":"x","type":"int","required":true}"#),
                "$.tables[1].columns: the column \"x\" must not be required: alerts may lack it"
            ),
            (sample(rules: ""), "$.streams[0].alerts.rules: alerts need a rule"),
            (
                sample(rules: #"{"name": "r", "kind": "limit", "column": "c", "above": 1, "keys": []}"#),
                "$.streams[0].alerts.rules[0].keys: a rule without keys says nothing; leave the member out for all keys"
            ),
            (
                sample(rules: #"{"name": "r", "kind": "limit", "column": "c", "above": 1, "below": 2}"#),
                "$.streams[0].alerts.rules[0]: \"below\" is more than \"above\", so that every value is an anomaly"
            ),
            (
                sample(rules: #"{"name": "r", "kind": "limit", "column": "c"}"#),
                "$.streams[0].alerts.rules[0]: needs \"above\" or \"below\", or both"
            ),
            (
                sample(rules: #"{"name": "r", "kind": "silence", "after": "1h", "above": 1}"#),
                "$.streams[0].alerts.rules[0].above: means nothing to a rule of kind \"silence\"; it has after"
            ),
            (
                sample(rules: #"{"name": "r", "kind": "rate", "column": "c", "change": 0, "per": "1m"}"#),
                "$.streams[0].alerts.rules[0].change: must be above 0"
            ),
            (
                sample(rules: #"{"name": "r", "kind": "z-score", "column": "c", "above": 1, "weight": 1}"#),
                "$.streams[0].alerts.rules[0].weight: must be below 1"
            ),
            (
                sample(rules: #"{"name": "r", "kind": "z-score", "column": "c", "above": 1, "deviation": 0}"#),
                "$.streams[0].alerts.rules[0].deviation: must be above 0"
            ),
            (
                sample(
                    rules:
                        #"{"name": "r", "kind": "silence", "after": "1h"},{"name": "r", "kind": "silence", "after": "2h"}"#
                ),
                "$.streams[0].alerts.rules[1]: there is another rule named \"r\""
            ),
            (
                sample(source: #"{"kind": "kafka", "topic": "s"}"#),
                "$.streams[0].alerts: needs a stream of Kinesis"
            ),
        ])
    func problems(sample: SampleDefinition, problem: String) {
        #expect(sample.problems().contains(problem), "\(sample.problems())")
    }

    @Test func theTableTakesNothingElse() {
        var sample = Self.sample()
        sample.root = #""deadLetterTable": "db.alerts""#
        #expect(sample.problems().contains("$.streams[0].alerts.table: is the table of dead letters"))
        sample = Self.sample(columns: Self.columns)
        sample.tables = sample.tables.replacing("\"columns\"", with: "\"format\": \"parquet\", \"columns\"")
        #expect(
            sample.problems().contains { $0.contains("is of format parquet; alerts need a table of format iceberg") })
    }
}
