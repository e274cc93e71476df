import Columnar
import Iceberg
import JSON
import TestSupport
import Testing

@testable import Lake

@Suite struct LakeDefinitionTests {
    @Test func aMinimalDefinitionParsesWithDefaults() throws {
        let definition = try SampleDefinition().parsed()
        let table = try #require(definition.table(TableIdentifier(namespace: "db", name: "t")))
        #expect(definition.databases.map(\.name) == ["db", "lake_db"])
        #expect(table.columns.map(\.type) == [.int, .timestamp, .double])
        #expect(table.columns.map(\.timeFormat) == [nil, .iso8601, nil])
        #expect(table.columns.allSatisfy { !$0.isRequired })
        #expect(definition.streams[0].decoder == .json)
        #expect(definition.deadLetterTable.description == DeadLetterTable.defaultName)
    }

    @Test func badRecordsAreDeadLettersUnlessSaidOtherwise() {
        let sample = SampleDefinition(
            stream: #"{"name": "s", "source": {"kind": "kinesis", "name": "s"}, "table": "db.t"}"#)
        #expect(
            sample.problems() == [
                #"$: there is no table "lake_db.dead_letters" for the dead letters of "s""#
            ])
    }

    @Test func aSyntaxErrorNamesLineAndColumn() {
        let problems = SampleDefinition(databases: "[\n  oops]").problems()
        #expect(problems.count == 1)
        #expect(problems.first?.hasPrefix("$: line 2, column 3: ") == true)
    }

    static let faults: [(SampleDefinition, [String])] = [
        (
            SampleDefinition(columns: #"[{"name": "a", "type": "integer"}]"#),
            [
                "$.tables[0].columns[0].type: \"integer\" is not a column type; use one of boolean, int, long, float, "
                    + "double, date, timestamp, timestamptz, string, binary"
            ]
        ),
        (
            SampleDefinition(columns: #"[{"name": "a", "type": "int", "requird": true}]"#),
            ["$.tables[0].columns[0].requird: is not a member of this object; did you mean \"required\"?"]
        ),
        (
            SampleDefinition(columns: #"[{"name": "a"}]"#),
            ["$.tables[0].columns[0]: lacks the member \"type\""]
        ),
        (
            SampleDefinition(columns: "[]"), ["$.tables[0].columns: a table needs a column"]
        ),
        (
            SampleDefinition(columns: #"[{"name": "A b", "type": "int"}]"#),
            [
                "$.tables[0].columns[0].name: \"A b\" cannot be the name of a column: use lower-case letters, digits and "
                    + "underscores, at most 255"
            ]
        ),
        (
            SampleDefinition(columns: #"[{"name": "a", "type": "int"}, {"name": "a", "type": "long"}]"#),
            ["$.tables[0].columns[1]: there is another column named \"a\""]
        ),
        (
            SampleDefinition(columns: #"[{"name": "a", "type": "int", "timeFormat": "iso8601"}]"#),
            ["$.tables[0].columns[0].timeFormat: a column of type int holds no time"]
        ),
        (
            SampleDefinition(table: #""partition": ["hour(att)"]"#),
            ["$.tables[0].partition[0]: there is no column \"att\"; did you mean \"at\"?"]
        ),
        (
            SampleDefinition(table: #""partition": ["hour(id)"]"#),
            [
                "$.tables[0].partition[0]: hour(id) does not take a column of type int; it takes timestamp, timestamptz"
            ]
        ),
        (
            SampleDefinition(table: #""partition": ["week(at)"]"#),
            [
                "$.tables[0].partition[0]: \"week(at)\" is not a partition; use one of column, year(column), "
                    + "month(column), day(column), hour(column), bucket(count, column), truncate(width, column)"
            ]
        ),
        (
            SampleDefinition(table: #""partition": ["id", "id"]"#),
            ["$.tables[0].partition[1]: there is another partition field named \"id\""]
        ),
        (
            SampleDefinition(table: #""sort": ["id up"]"#),
            ["$.tables[0].sort[0]: \"id up\" is not a sort key: write \(SortKey.form)"]
        ),
        (
            SampleDefinition(table: #""retention": {"snapshotAge": "5 days"}"#),
            [
                "$.tables[0].retention.snapshotAge: \"5 days\" is not a length of time; write a whole number and d, h "
                    + "or m, such as \"5d\""
            ]
        ),
        (
            SampleDefinition(table: #""retention": {"snapshots": 0}"#),
            ["$.tables[0].retention.snapshots: expected a whole number from 1 to 2147483647"]
        ),
        (
            SampleDefinition(table: #""properties": {"write.parquet.compression-codec": "lzo"}"#),
            [
                "$.tables[0].properties['write.parquet.compression-codec']: \"lzo\" is not a value of "
                    + "write.parquet.compression-codec; use one of zstd, snappy, uncompressed"
            ]
        ),
        (
            SampleDefinition(table: #""properties": {"format-version": "3"}"#),
            ["$.tables[0].properties['format-version']: cannot be set: tables are of format version 2"]
        ),
        (
            SampleDefinition(table: #""retention": {"snapshots": 5}, "properties": {"swiftlake.snapshots.max": "6"}"#),
            ["$.tables[0].properties['swiftlake.snapshots.max']: is set by retention already"]
        ),
        (
            SampleDefinition(databases: #"[{"name": "dbs"}, {"name": "dbs"}]"#),
            [
                "$.databases[1]: there is another database named \"dbs\"",
                "$.tables[0].name: there is no database \"db\"; did you mean \"dbs\"?",
            ]
        ),
        (
            SampleDefinition(
                stream: #"{"name": "s", "source": {"kind": "kinesis"}, "table": "db.u", "onBadRecord": "drop"}"#),
            [
                "$.streams[0].source: needs either \"name\" or \"arn\"",
                "$.streams[0].table: there is no table \"db.u\"; did you mean \"db.t\"?",
            ]
        ),
        (
            SampleDefinition(
                stream:
                    #"{"name": "s", "source": {"kind": "kinesis", "arn": "s"}, "table": "t", "onBadRecord": "skip"}"#),
            [
                "$.streams[0].source.arn: \"s\" is not the ARN of a Kinesis stream; write "
                    + "arn:aws:kinesis:REGION:ACCOUNT:stream/NAME",
                "$.streams[0].table: \"t\" is not a table's name: write database.table, both of lower-case letters, "
                    + "digits and underscores",
                "$.streams[0].onBadRecord: \"skip\" is not what becomes of a bad record; use one of dead-letter, drop, "
                    + "fail",
            ]
        ),
        (
            SampleDefinition(root: #""tables": [], "jobs": []"#),
            [
                "$.tables: occurs twice",
                "$.jobs: is not a member of this object; it has databases, tables, streams, $schema, views, assets, "
                    + "quotes, schedules, "
                    + "deadLetterTable",
                "$.streams[0].table: there is no table \"db.t\"",
            ]
        ),
    ]

    @Test(arguments: faults.indices)
    func everyFaultNamesItsPathAndTheAllowedValues(_ index: Int) {
        let (sample, expected) = Self.faults[index]
        #expect(sample.problems() == expected)
    }

    @Test func allProblemsAreReportedAtOnce() {
        var sample = SampleDefinition()
        sample.columns = #"[{"name": "a", "type": "integer"}, {"name": "b", "type": "txt"}]"#
        sample.table = #""partition": ["hour(a)", "day(z)"]"#
        sample.stream = #"{"name": "s", "source": {"kind": "kafkaa", "name": "s"}, "table": "db.x"}"#
        let paths = sample.problems().map { $0.prefix { $0 != ":" } }
        #expect(
            paths == [
                "$.tables[0].columns[0].type", "$.tables[0].columns[1].type", "$.tables[0].partition[1]",
                "$.streams[0].source.kind", "$.streams[0].table", "$",
            ])
    }

    @Test func deadLettersNeedTheirColumns() {
        var sample = SampleDefinition(
            stream: #"{"name": "s", "source": {"kind": "kinesis", "name": "s"}, "table": "db.t"}"#)
        sample.tables = #", {"name": "lake_db.dead_letters", "columns": [{"name": "raw", "type": "string"}]}"#
        let problems = sample.problems()
        #expect(problems.count == DeadLetterTable.columns.count)
        #expect(
            problems.contains("$.tables[1].columns: the column \"raw\" must be of type binary for dead letters"))
        #expect(
            problems.contains("$.tables[1].columns: lacks the column \"failed_at\" of type timestamp for dead letters"))
    }

    @Test func aStreamMatchesItsNameInAnyAccountAndItsARNExactly() throws {
        var sample = SampleDefinition()
        let arn = "arn:aws:kinesis:eu-west-1:123456789012:stream/s"
        sample.stream +=
            #", {"name": "exact", "source": {"kind": "kinesis", "arn": "\#(arn)"}, "table": "db.t", "onBadRecord": "fail"}"#
        let definition = try sample.parsed()
        #expect(definition.stream(kinesisARN: arn)?.name == "exact")
        #expect(definition.stream(kinesisARN: "arn:aws-cn:kinesis:cn-north-1:1:stream/s")?.name == "s")
        #expect(definition.stream(kinesisARN: "arn:aws:kinesis:eu-west-1:1:stream/ss") == nil)
        #expect(definition.stream(kinesisARN: "arn:aws:firehose:eu-west-1:1:stream/s") == nil)
        #expect(definition.stream(kinesisARN: "s") == nil)
    }

    @Test func mutatedAndTruncatedTextsThrowOrParse() throws {
        var sample = SampleDefinition()
        sample.table =
            #""partition": ["bucket(4, id)"], "sort": ["at desc nulls last"], "retention": {"snapshotAge": "5d"}"#
        let text = Array(sample.text.utf8)
        for count in text.indices {
            #expect(throws: DefinitionError.self) { try LakeDefinition(parsing: Array(text[..<count])) }
        }
        var numbers = SeededGenerator(seed: 2)
        for _ in 0..<3000 {
            var mutated = text
            for _ in 0..<Int.random(in: 1...3, using: &numbers) {
                let place = Int.random(in: mutated.indices, using: &numbers)
                switch Int.random(in: 0..<3, using: &numbers) {
                case 0: mutated[place] = UInt8.random(in: 0...255, using: &numbers)
                case 1: mutated.remove(at: place)
                default: mutated.insert(mutated[Int.random(in: mutated.indices, using: &numbers)], at: place)
                }
            }
            if let definition = try? LakeDefinition(parsing: mutated) {
                for table in definition.tables { _ = (table.partitionSpec(), table.sortOrder()) }
            }
        }
    }
}
