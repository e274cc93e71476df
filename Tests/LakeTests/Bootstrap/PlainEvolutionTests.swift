import Catalogs
import Testing

@testable import Lake

@Suite struct PlainEvolutionTests {
    private static let columns =
        #"{"name": "id", "type": "int", "doc": "number"}, {"name": "sent", "type": "timestamp", "timeFormat": "yyyy-MM-dd HH"}"#

    private func definition(_ columns: String = columns, _ members: String = "") throws -> TableDefinition {
        let table = #""format": "parquet", "partition": ["sent"]"# + (members.isEmpty ? "" : ", " + members)
        return try #require(try SampleDefinition(columns: "[\(columns)]", table: table).parsed().tables.first)
    }

    private func plan(_ columns: String = columns, _ members: String = "") throws -> PlainEvolution {
        let definition = try definition(columns, members)
        return PlainEvolution(
            of: try self.definition(Self.columns, #""owner": "iot""#).plainTable(at: "s3://b/t/data/"),
            to: definition.plainTable(at: "s3://b/t/data/"), definition)
    }

    @Test func keysAreApartFromColumnsAndGovernanceIsInParameters() throws {
        let columns =
            #"{"name": "id", "type": "int", "classification": "personal-data"}, {"name": "n", "type": "long"}, "#
            + #"{"name": "sent", "type": "timestamp"}"#
        let table = try definition(columns, #""owner": "iot", "layer": "gold", "doc": "d""#).plainTable(
            at: "s3://b/t/data/")
        #expect(table.columns.map { "\($0.name) \($0.type)" } == ["id int", "n bigint"])
        #expect(table.partitionKeys.map { "\($0.name) \($0.type)" } == ["sent string"])
        #expect(table.owner == "iot" && table.comment == "d")
        #expect(
            table.parameters == [
                "EXTERNAL": "TRUE", "classification": "parquet", "owner": "iot", "layer": "gold",
                "data_classification": "personal-data: id",
            ])
    }

    @Test func whatFollowsHasNothingToDo() throws {
        let plan = try plan()
        #expect(plan.differences.isEmpty && plan.refusals.isEmpty)
        #expect(plan.result.owner == "iot")
    }

    @Test func addsColumnsBehindTheOthersAndTakesComments() throws {
        let plan = try plan(
            #"{"name": "site", "type": "string"}, {"name": "id", "type": "int", "doc": "device"}, "#
                + #"{"name": "sent", "type": "timestamp", "timeFormat": "yyyy-MM-dd HH", "doc": "hour"}"#,
            #""owner": "fleet", "doc": "d""#)
        #expect(
            plan.differences.map(\.line) == [
                "+ column sent doc: hour", "+ column site string", "~ column id doc: number → device", "+ comment: d",
                "~ owner: iot → fleet", "~ property owner: iot → fleet",
            ])
        #expect(plan.result.columns.map(\.name) == ["id", "site"])
        #expect(plan.refusals.isEmpty)
    }

    @Test(
        arguments: [
            (#"{"name": "id", "type": "long"}, {"name": "sent", "type": "timestamp"}"#, "id"),
            (#"{"name": "n", "type": "int"}, {"name": "sent", "type": "timestamp"}"#, "id"),
            (#"\#(columns), {"name": "n", "type": "int", "required": true}"#, "n"),
        ])
    func refusesNamingTheColumn(columns: String, column: String) throws {
        #expect(try plan(columns).refusals.map(\.column) == [column])
    }

    @Test func refusesAnotherPartition() throws {
        let definition = try #require(
            try SampleDefinition(columns: "[\(Self.columns)]", table: #""format": "parquet""#).parsed().tables.first)
        let plan = PlainEvolution(
            of: try self.definition().plainTable(at: "s3://b/t/data/"),
            to: definition.plainTable(at: "s3://b/t/data/"), definition)
        #expect(plan.refusals.first?.description.contains("sent string in the table, none in the definition") == true)
    }
}
