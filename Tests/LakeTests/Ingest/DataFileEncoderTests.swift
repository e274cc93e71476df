import Columnar
import Iceberg
import Testing

@testable import Lake

@Suite struct DataFileEncoderTests {
    private func metadata() -> TableMetadata {
        let schema = Schema(
            schemaID: 0,
            fields: [
                NestedField(id: 1, name: "device", type: .int), NestedField(id: 2, name: "reading", type: .double),
                NestedField(id: 3, name: "note", type: .string),
            ])
        let spec = PartitionSpec(
            specID: 0, fields: [PartitionField(sourceID: 1, fieldID: 1000, name: "device", transform: .identity)])
        return TableMetadata(
            tableUUID: "u", location: "file:///t", schema: schema, partitionSpec: spec, sortOrder: .unsorted,
            properties: [:], lastColumnID: 3, nowMs: 0)
    }

    private func batch(rows: Int) throws -> RecordBatch {
        let batch = RecordBatch([
            Field(name: "device", type: .int, id: 1), Field(name: "reading", type: .double, id: 2),
            Field(name: "note", type: .string, id: 3),
        ])
        for row in 0..<rows {
            batch.columns[0].append(Int32(row % 7))
            batch.columns[1].append(Double(row) / 3)
            _ = batch.columns[2].append("note \(row % 100)")
            batch.finishRow()
        }
        return batch
    }

    /// A file's bytes depend on nothing but its rows.
    @Test func threadsChangeNothingOfTheFiles() throws {
        let batch = try batch(rows: 5000)
        let alone = try DataFileEncoder(metadata(), threads: 1).files(of: batch, named: "n")
        #expect(alone.count == 7)
        for threads in [2, 3, 16] {
            let together = try DataFileEncoder(metadata(), threads: threads).files(of: batch, named: "n")
            #expect(together.map(\.dataFile.filePath) == alone.map(\.dataFile.filePath))
            #expect(together.map(\.bytes) == alone.map(\.bytes))
            #expect(together.map(\.dataFile.recordCount) == alone.map(\.dataFile.recordCount))
        }
    }
}
