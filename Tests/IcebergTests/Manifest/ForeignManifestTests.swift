import Testing

@testable import Avro
@testable import Iceberg

/// Manifests as other writers make them: fields in another order, unions the other way round, types as they were.
@Suite struct ForeignManifestTests {
    static let schema = #"""
        {"type":"record","name":"e","fields":[
         {"name":"data_file","field-id":2,"type":{"type":"record","name":"r2","fields":[
          {"name":"future","field-id":999,"type":{"type":"map","values":{"type":"array","items":"double"}}},
          {"name":"upper_bounds","field-id":128,"type":[{"type":"array","logicalType":"map","items":{"type":"record",
            "name":"kv","fields":[{"name":"value","field-id":130,"type":["null","bytes"]},
            {"name":"key","field-id":129,"type":"int"}]}},"null"]},
          {"name":"renamed","field-id":100,"type":["null","string"]},{"name":"f","field-id":101,"type":"string"},
          {"name":"partition","field-id":102,"type":{"type":"record","name":"r102","fields":[
           {"name":"z","field-id":1002,"type":["null",{"type":"string","logicalType":"uuid"}]},
           {"name":"y","field-id":1000,"type":[DAY,"null"]},
           {"name":"gone","field-id":1050,"type":["null","double"]},
           {"name":"x","field-id":1001,"type":["null","int"]}]}},
          {"name":"equality_ids","field-id":135,"type":["null",{"type":"array","items":"long","element-id":136}]},
          {"name":"record_count","field-id":103,"type":"long"},{"name":"size","field-id":104,"type":"long"}]}},
         {"name":"status","field-id":0,"type":"int"}]}
        """#

    private func entries(day: String) throws -> [ManifestEntry] {
        let text = Self.schema.replacing("DAY", with: day)
        var writer = AvroFileWriter(schema: Array(text.utf8), metadata: [])
        writer.record { encoder in
            encoder.long(1)
            encoder.string("k")
            encoder.long(1)
            encoder.double(0.5)
            encoder.long(0)
            encoder.long(0)
            encoder.long(0)
            encoder.long(2)
            encoder.long(1)
            encoder.data([9])
            encoder.long(7)
            encoder.long(0)
            encoder.long(8)
            encoder.long(0)
            encoder.long(1)
            encoder.string("path")
            encoder.string("parquet")
            encoder.long(1)
            encoder.string("f79c3e09-677c-4bbd-a479-3f349cb785e7")
            encoder.long(0)
            encoder.long(17_486)
            encoder.long(1)
            encoder.double(1)
            encoder.long(1)
            encoder.long(-3)
            encoder.long(1)
            encoder.long(1)
            encoder.long(4)
            encoder.long(0)
            encoder.long(10)
            encoder.long(20)
            encoder.long(2)
        }
        let bytes = writer.finish()
        var manifest = ManifestFile(manifestPath: "m", manifestLength: 1, partitionSpecID: 0, addedSnapshotID: 3)
        manifest.sequenceNumber = 6
        let metadata = try TableMetadata.new(
            tableUUID: "u", location: "file:///t",
            columns: [
                NestedField(id: 0, name: "t", type: .timestamp), NestedField(id: 0, name: "n", type: .long),
                NestedField(id: 0, name: "u", type: .uuid),
            ],
            partition: [
                NewPartitionField(column: "t", transform: .day), NewPartitionField(column: "n", transform: .identity),
                NewPartitionField(column: "u", transform: .identity),
            ], nowMs: 1)
        return try ManifestReader.entries(bytes, of: manifest, metadata: metadata)
    }

    @Test(arguments: [#""int""#, #"{"type":"int","logicalType":"date"}"#])
    func fieldsAreFoundByTheirIDs(day: String) throws {
        let entry = try #require(try entries(day: day).first)
        #expect(entry.status == .deleted && entry.snapshotID == 3)
        // A deleted entry inherits no sequence number.
        #expect(entry.sequenceNumber == nil && entry.fileSequenceNumber == nil)
        #expect(entry.dataFile.filePath == "path" && entry.dataFile.fileFormat == "PARQUET")
        #expect(entry.dataFile.recordCount == 10 && entry.dataFile.fileSizeInBytes == 20)
        #expect(entry.dataFile.upperBounds == [7: [9]])
        #expect(entry.dataFile.equalityIDs == [4])
        let uuid: [UInt8] = [
            0xF7, 0x9C, 0x3E, 0x09, 0x67, 0x7C, 0x4B, 0xBD, 0xA4, 0x79, 0x3F, 0x34, 0x9C, 0xB7, 0x85, 0xE7,
        ]
        // Days come as ints or dates; the column of the second was an int once.
        #expect(entry.dataFile.partition == [.date(17_486), .long(-3), .uuid(uuid)])
    }

    @Test func aPartitionSpecThatDoesNotExistIsMalformed() throws {
        let manifest = ManifestFile(manifestPath: "m", manifestLength: 1, partitionSpecID: 7, addedSnapshotID: 3)
        #expect { try ManifestReader.entries([], of: manifest, metadata: ManifestTests.table()) } throws: {
            ($0 as? IcebergError)?.code == .malformed
        }
    }

    @Test func namesThatAvroDoesNotAllowAreChanged() {
        #expect(PartitionRecord.avroName("a b") == "a_x20b")
        #expect(PartitionRecord.avroName("9é") == "_9_xE9")
        #expect(PartitionRecord.avroName("ok_1") == "ok_1")
    }
}
