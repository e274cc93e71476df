import Iceberg
import JSON
import Testing

@testable import Catalogs

@Suite struct GlueColumnsTests {
    @Test(
        arguments: [
            (Type.boolean, "boolean"), (.int, "int"), (.long, "bigint"), (.float, "float"), (.double, "double"),
            (.date, "date"), (.time, "string"), (.timestamp, "timestamp"), (.timestamptz, "timestamp"),
            (.string, "string"), (.uuid, "string"), (.binary, "binary"), (.fixed(length: 3), "binary"),
            (.decimal(precision: 9, scale: 2), "decimal(9,2)"),
            (.list(elementID: 5, element: .long, elementRequired: true), "array<bigint>"),
            (.map(keyID: 5, key: .string, valueID: 6, value: .double, valueRequired: false), "map<string,double>"),
            (
                .struct([
                    NestedField(id: 5, name: "a", type: .int),
                    NestedField(
                        id: 6, name: "b", type: .list(elementID: 7, element: .uuid, elementRequired: false)),
                ]), "struct<a:int,b:array<string>>"
            ),
        ])
    func namesTypesAsHiveDoes(type: Type, name: String) { #expect(type.hiveName == name) }

    private func table() throws -> TableMetadata {
        var metadata = try SampleTable.empty().metadata
        try metadata.addColumns([NestedField(id: 0, name: "extra", type: .string)])
        // An older schema had a column that is gone, and one of a name that is in use again.
        metadata.schemas[0].fields.append(NestedField(id: 9, name: "gone", type: .double, isRequired: true))
        metadata.schemas[0].fields.append(NestedField(id: 10, name: "EXTRA", type: .int))
        return metadata
    }

    @Test func listsTheCurrentSchemaFirstAndOlderColumnsOnce() throws {
        let columns = try #require(GlueColumns(of: try table()).value.elements)
        #expect(columns.map { $0["Name"]?.string } == ["id", "sent", "extra", "gone"])
        #expect(columns.map { $0["Type"]?.string } == ["bigint", "timestamp", "string", "double"])
        let parameters = columns.map { column in
            ["id", "optional", "current"].map { column["Parameters"]?["iceberg.field.\($0)"]?.string ?? "" }
        }
        #expect(
            parameters == [
                ["1", "false", "true"], ["2", "true", "true"], ["3", "true", "true"], ["9", "false", "false"],
            ])
    }

    @Test func keepsCommentsWhereTheSchemaHasNone() throws {
        let existing = try JSONValue(
            parsing: Array(
                #"[{"Name":"SENT","Comment":"by hand"},{"Name":"id","Comment":"old"},{"Name":"extra"}]"#.utf8))
        let columns = try #require(GlueColumns(of: try table(), existing: existing).value.elements)
        #expect(columns.map { $0["Comment"]?.string } == ["device", "by hand", nil, nil])
    }

    @Test func cutsCommentsToOneLineThatGlueTakes() throws {
        var metadata = try SampleTable.empty().metadata
        metadata.schemas[0].fields[0].doc = "two\nlines"
        metadata.schemas[0].fields[1].doc = String(repeating: "x", count: 254) + "🙂"
        let comments = try #require(GlueColumns(of: metadata).value.elements).map { $0["Comment"]?.string }
        #expect(comments == ["two lines", String(repeating: "x", count: 254)])
    }

    @Test func leavesOutColumnsThatGlueWouldRefuse() throws {
        var metadata = try SampleTable.empty().metadata
        metadata.schemas[0].fields[1].name = String(repeating: "x", count: 256)
        #expect(GlueColumns(of: metadata).value.elements?.count == 1)
    }
}
