import Testing

@testable import Lake

@Suite struct TableGovernanceTests {
    private static let columns =
        #"[{"name": "id", "type": "int"}, {"name": "at", "type": "timestamp"}, "#
        + #"{"name": "d", "type": "string", "classification": "personal-data"}, "#
        + #"{"name": "e", "type": "string", "classification": "secret"}, "#
        + #"{"name": "f", "type": "binary", "classification": "personal-data"}]"#

    @Test func ownerLayerAndClassificationBecomeProperties() throws {
        let sample = SampleDefinition(columns: Self.columns, table: #""owner": "desk", "layer": "gold""#)
        let table = try #require(try sample.parsed().tables.first)
        #expect(table.owner == "desk" && table.layer == .gold)
        #expect(
            table.governance == [
                "owner": "desk", "layer": "gold", "classification": "personal-data: d, f; secret: e",
            ])
    }

    @Test func whatMembersSayIsNoPropertyBesides() {
        let sample = SampleDefinition(
            columns: Self.columns,
            table: #""doc": "", "owner": "a", "layer": "gold", "properties": {"owner": "b", "layer": "c", "#
                + #""classification": "d", "comment": "e"}"#)
        #expect(
            sample.problems() == [
                "$.tables[0].properties.owner: is set by owner already",
                "$.tables[0].properties.layer: is set by layer already",
                "$.tables[0].properties.classification: is set by the classification of columns already",
                "$.tables[0].properties.comment: is set by doc already",
            ])
    }

    @Test func membersHaveValuesThatMeanSomething() {
        let sample = SampleDefinition(
            table: #""owner": " ", "layer": "iron", "format": "orc", "warehouse": "bucket", "allowDrop": 1"#)
        #expect(
            sample.problems() == [
                "$.tables[0].format: \"orc\" is not a format; use one of iceberg, parquet",
                "$.tables[0].owner: must not be empty",
                "$.tables[0].layer: \"iron\" is not a layer; use one of bronze, silver, gold",
                "$.tables[0].warehouse: \"bucket\" is no place for tables: write s3://bucket/prefix or "
                    + "file:///absolute/path",
                "$.tables[0].allowDrop: expected true or false, not a number",
            ])
    }

    @Test func plainTablesHaveFoldersAndNoHistory() {
        let sample = SampleDefinition(
            columns: #"[{"name": "at", "type": "timestamptz"}, {"name": "c", "type": "double"}]"#,
            table: #""format": "parquet", "partition": ["hour(at)", "c"], "sort": ["at"], "retention": {}"#)
        #expect(
            sample.problems() == [
                "$.tables[0].sort: is nothing that a table of format parquet has",
                "$.tables[0].retention: is nothing that a table of format parquet has",
                "$.tables[0].partition[0]: a table of format parquet is partitioned by its columns as they are: write at",
                "$.tables[0].partition[1]: a folder is not named after a column of type double; it takes int, long, "
                    + "date, timestamp, string",
                "$.tables[0].partition: leaves no column for the files: there is no column that is not in it",
                "$.tables[0].columns: Athena reads no timestamptz from a table of format parquet: make the column \"at\" "
                    + "a timestamp",
            ])
    }

    @Test func deadLettersNeedATableOfIceberg() {
        var sample = SampleDefinition(
            stream: #"{"name": "s", "source": {"kind": "kinesis", "name": "s"}, "table": "db.t"}"#)
        let columns = DeadLetterTable.columns.map { #"{"name": "\#($0.name)", "type": "\#($0.type.rawValue)"}"# }
        sample.tables =
            #", {"name": "lake_db.dead_letters", "format": "parquet", "columns": [\#(columns.joined(separator: ", "))]}"#
        #expect(
            sample.problems() == [
                "$: \"lake_db.dead_letters\" is of format parquet; dead letters need a table of format iceberg"
            ])
    }
}
