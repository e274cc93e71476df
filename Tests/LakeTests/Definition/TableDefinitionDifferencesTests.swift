import Iceberg
import Testing

@testable import Lake

@Suite struct TableDefinitionDifferencesTests {
    private static let usual =
        #""partition": ["hour(at)"], "sort": ["id desc"], "retention": {"snapshots": 9}, "properties": {"x": "y"}"#

    private func table(_ members: String, _ columns: String? = nil) throws -> TableDefinition {
        var sample = SampleDefinition(table: members)
        if let columns { sample.columns = columns }
        return try #require(try sample.parsed().tables.first)
    }

    private func metadata(_ members: String = usual) throws -> TableMetadata {
        try table(members).newMetadata(in: "file:///w/t", uuid: "u", nowMs: 0)
    }

    @Test func aTableJustMadeHasNone() throws {
        #expect(try table(Self.usual).differences(from: metadata()) == [])
        #expect(try table("").differences(from: metadata("")) == [])
    }

    @Test func everyEditThatIsNotAppliedIsNamed() throws {
        let edited = try table(
            #""partition": ["day(at)", "bucket(4, id)"], "retention": {"snapshotAge": "1h", "snapshots": 8}"#,
            #"[{"name": "id", "type": "int", "required": true}, {"name": "at", "type": "timestamp"}]"#)
        #expect(
            try edited.differences(from: metadata()) == [
                "partition: hour(at) in the table, day(at), bucket(4, id) in the definition",
                "sort: id desc nulls last in the table, none in the definition",
                "property history.expire.max-snapshot-age-ms: none in the table, 3600000 in the definition",
                "property swiftlake.snapshots.max: 9 in the table, 8 in the definition",
                "column id: not required in the table, required in the definition",
            ])
    }

    @Test func whatOtherEnginesAddIsNoDifference() throws {
        var metadata = try metadata()
        metadata.properties["other"] = "1"
        metadata.properties["write.parquet.compression-codec"] = "snappy"
        metadata.properties["comment"] = "theirs"
        metadata.schemas[0].fields.append(NestedField(id: 9, name: "added", type: .string))
        metadata.partitionSpecs[0].fields.append(
            PartitionField(sourceID: 1, fieldID: 1001, name: "gone", transform: .void))
        #expect(try table(Self.usual + #", "doc": "ours""#).differences(from: metadata) == [])
    }
}
