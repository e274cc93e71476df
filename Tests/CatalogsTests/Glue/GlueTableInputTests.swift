import AWS
import Iceberg
import JSON
import Testing

@testable import Catalogs

@Suite struct GlueTableInputTests {
    /// A table as GetTable returns it, with everything that somebody may have added to it.
    static func existing(_ location: String) throws -> GlueTable {
        let text = #"""
            {"Name":"readings","DatabaseName":"db","Description":"by hand","Owner":"me","CreateTime":1.7E9,
             "UpdateTime":1700000001.5,"LastAccessTime":1700000002,"Retention":7,"VersionId":"0f3a",
             "StorageDescriptor":{"Columns":[{"Name":"sent","Type":"timestamp","Comment":"kept"}],
               "Location":"s3://old/place","Compressed":false,"NumberOfBuckets":0,"SerdeInfo":{"Name":"x"},
               "SortColumns":[],"StoredAsSubDirectories":null},
             "PartitionKeys":[],"TableType":"EXTERNAL_TABLE","CreatedBy":"arn:aws:iam::1:role/r",
             "IsRegisteredWithLakeFormation":false,"CatalogId":"1","FederatedTable":{"Identifier":"i"},
             "Parameters":{"table_type":"iceberg","metadata_location":"LOCATION","owner.team":"sensors",
               "previous_metadata_location":"s3://old"}}
            """#
        let value = try JSONValue(parsing: Array(text.split(separator: "LOCATION").joined(separator: location).utf8))
        return try #require(GlueTable(value))
    }

    @Test func newTableSaysThatItIsIcebergs() throws {
        let version = try SampleTable.empty()
        let input = GlueTableInput.new("readings", version)
        #expect(
            input.members?.map(\.name) == ["Name", "Description", "TableType", "StorageDescriptor", "Parameters"])
        #expect(input["Description"]?.string == "what sensors say")
        #expect(input["TableType"]?.string == "EXTERNAL_TABLE")
        #expect(
            input["Parameters"]
                == .object([("table_type", .string("ICEBERG")), ("metadata_location", .string(version.location))]))
        #expect(input["StorageDescriptor"]?["Location"]?.string == SampleTable.location)
    }

    @Test func updateKeepsAllThatItIsNotAbout() throws {
        let base = try SampleTable.empty()
        let next = SampleTable.appended(to: base, snapshotID: 1)
        let input = GlueTableInput.update(try Self.existing(base.location), from: base, to: next)
        #expect(input["Description"]?.string == "by hand")
        #expect(input["Owner"]?.string == "me")
        #expect(input["Retention"]?.integer == 7)
        #expect(input["LastAccessTime"] == .number("1700000002"))
        #expect(input["PartitionKeys"] == .array([]))
        #expect(input["Parameters"]?["owner.team"]?.string == "sensors")
        #expect(input["Parameters"]?["table_type"]?.string == "ICEBERG")
        #expect(input["Parameters"]?["metadata_location"]?.string == next.location)
        #expect(input["Parameters"]?["previous_metadata_location"]?.string == base.location)
        #expect(input["Parameters"]?.members?.count == 4)
        let descriptor = try #require(input["StorageDescriptor"])
        #expect(descriptor["SerdeInfo"]?["Name"]?.string == "x")
        #expect(descriptor["Location"]?.string == SampleTable.location)
        #expect(descriptor["Columns"]?.elements?.last?["Comment"]?.string == "kept")
        #expect(descriptor["StoredAsSubDirectories"] == nil)
    }

    private func version(_ properties: [String: String]) throws -> TableVersion {
        let empty = try SampleTable.empty()
        var metadata = empty.metadata
        metadata.properties = properties
        return TableVersion(location: empty.location, metadata: metadata)
    }

    @Test func newTableSaysWhoAnswersForIt() throws {
        let input = GlueTableInput.new(
            "readings", try version(["owner": "iot", "layer": "gold", "classification": "personal-data: id", "x": "y"]))
        #expect(input["Owner"]?.string == "iot")
        #expect(
            input["Parameters"]?.members?.map(\.name) == [
                "table_type", "metadata_location", "owner", "layer", "classification",
            ])
    }

    @Test func updateFollowsWhatTheCommitChangedOfGovernance() throws {
        let base = try version(["owner": "iot", "layer": "bronze", "comment": "old"])
        let existing = try Self.existing(base.location)
        let same = GlueTableInput.update(existing, from: base, to: base)
        #expect(same["Owner"]?.string == "me" && same["Parameters"]?["owner"] == nil)
        let next = GlueTableInput.update(existing, from: base, to: try version(["owner": "fleet", "comment": "new"]))
        #expect(next["Owner"]?.string == "fleet")
        #expect(next["Description"]?.string == "new")
        #expect(next["Parameters"]?["owner"]?.string == "fleet")
        #expect(next["Parameters"]?["layer"] == nil)
        #expect(next["Parameters"]?["owner.team"]?.string == "sensors")
        let none = GlueTableInput.update(existing, from: base, to: try version([:]))
        #expect(none["Owner"] == nil && none["Description"] == nil)
    }

    @Test func updateLeavesOutWhatGlueRefuses() throws {
        let base = try SampleTable.empty()
        let input = GlueTableInput.update(try Self.existing(base.location), from: base, to: base)
        let refused: Set = [
            "DatabaseName", "CreateTime", "UpdateTime", "CreatedBy", "IsRegisteredWithLakeFormation", "CatalogId",
            "VersionId", "FederatedTable",
        ]
        #expect(refused.isDisjoint(with: input.members?.map(\.name) ?? ["nothing at all"]))
    }

    @Test(
        arguments: [
            ("db", "readings_1", true), ("0", "_", true), ("Db", "t", false), ("db", "T", false), ("db", "", false),
            ("", "t", false), ("d-b", "t", false), ("db", "t.x", false), ("db", "tä", false),
            (String(repeating: "d", count: 252), String(repeating: "t", count: 255), true),
            (String(repeating: "d", count: 253), "t", false), ("db", String(repeating: "t", count: 256), false),
        ])
    func checksNames(namespace: String, name: String, isTaken: Bool) {
        let table = TableIdentifier(namespace: namespace, name: name)
        if isTaken {
            #expect(throws: Never.self) { try GlueNames.check(table) }
        } else {
            let error = #expect(throws: IcebergError.self) { try GlueNames.check(table) }
            #expect(error?.code == .invalid)
        }
    }
}
