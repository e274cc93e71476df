import AWS
import Iceberg
import JSON
import Testing

@testable import Catalogs

@Suite struct GluePlainTableTests {
    private let plain = GluePlainTable(
        name: "t", comment: "two\nlines", owner: "iot",
        columns: [GluePlainTable.Column(name: "id", type: "int", comment: String(repeating: "x", count: 300))],
        partitionKeys: [GluePlainTable.Column(name: "sent", type: "string", comment: nil)],
        location: "s3://b/t/data/", parameters: ["classification": "parquet", "EXTERNAL": "TRUE"])

    /// The table as Glue returns it, with what somebody may have added.
    private func existing() throws -> GlueTable {
        var members = plain.input.members ?? []
        members += [
            ("VersionId", .string("1")), ("CreateTime", .number("1.7E9")), ("DatabaseName", .string("db")),
            ("Retention", .integer(3)),
        ]
        return try #require(GlueTable(.object(members)))
    }

    @Test func isWhatAthenaExpects() {
        let input = plain.input
        #expect(
            input.members?.map(\.name) == [
                "Name", "Description", "Owner", "TableType", "PartitionKeys", "StorageDescriptor", "Parameters",
            ])
        #expect(input["TableType"]?.string == "EXTERNAL_TABLE")
        #expect(input["Description"]?.string == "two lines")
        let descriptor = input["StorageDescriptor"]
        #expect(
            descriptor?["SerdeInfo"]?["SerializationLibrary"]?.string
                == "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe")
        #expect(
            descriptor?["InputFormat"]?.string == "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat")
        #expect(descriptor?["Location"]?.string == "s3://b/t/data/")
        #expect(descriptor?["Columns"]?.elements?.first?["Comment"]?.string?.count == 255)
        #expect(input["PartitionKeys"] == .array([.object([("Name", .string("sent")), ("Type", .string("string"))])]))
    }

    @Test func isReadAsItWasWritten() throws { #expect(try GluePlainTable(existing()) == plain) }

    @Test(
        arguments: [
            (#"{"Name":"t","TableType":"VIRTUAL_VIEW"}"#, "view"),
            (#"{"Name":"t","Parameters":{"table_type":"ICEBERG"}}"#, "Iceberg table"),
            (#"{"Name":"t","StorageDescriptor":{"SerdeInfo":{"SerializationLibrary":"json"}}}"#, "not one of plain"),
            (#"{"Name":"t"}"#, "not one of plain"),
        ])
    func refusesOtherTables(text: String, words: String) throws {
        let table = try #require(GlueTable(JSONValue(parsing: Array(text.utf8))))
        let error = #expect(throws: IcebergError.self) { try GluePlainTable(table) }
        #expect(error?.code == .unsupported)
        #expect(error?.message.contains(words) == true)
    }

    @Test func updateKeepsAllThatItIsNotAbout() throws {
        var next = plain
        next.columns.append(GluePlainTable.Column(name: "site", type: "string", comment: nil))
        next.owner = "fleet"
        let input = next.update(of: try existing())
        #expect(input["Owner"]?.string == "fleet")
        #expect(input["Retention"]?.integer == 3)
        #expect(input["VersionId"] == nil && input["CreateTime"] == nil && input["DatabaseName"] == nil)
        #expect(input["StorageDescriptor"]?["Columns"]?.elements?.count == 2)
        #expect(input["StorageDescriptor"]?["SerdeInfo"] == plain.input["StorageDescriptor"]?["SerdeInfo"])
        #expect(input["PartitionKeys"] == plain.input["PartitionKeys"])
    }

    @Test func aViewIsMarkedWithoutChangingWhatAthenaReads() throws {
        let text = #"""
            {"Name":"v","VersionId":"7","TableType":"VIRTUAL_VIEW","ViewOriginalText":"/* Presto View: e30= */",
             "ViewExpandedText":"/* Presto View */","Parameters":{"presto_view":"true","comment":"Presto View"},
             "StorageDescriptor":{"Columns":[{"Name":"a","Type":"int"}],"Location":""}}
            """#
        let view = try #require(GlueTable(JSONValue(parsing: Array(text.utf8))))
        let input = GlueView.input(view, comment: "c", parameters: [("mark", "1")])
        for name in ["ViewOriginalText", "ViewExpandedText", "TableType", "StorageDescriptor"] {
            #expect(input[name] == view.value[name])
        }
        #expect(input["Parameters"]?.members?.count == 3)
        #expect(input["Parameters"]?["mark"]?.string == "1")
        #expect(input["Description"]?.string == "c")
        #expect(input["VersionId"] == nil)
    }
}
