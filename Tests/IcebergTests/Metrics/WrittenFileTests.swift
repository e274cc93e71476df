import Columnar
import Testing

@testable import Iceberg
@testable import Parquet

@Suite struct WrittenFileTests {
    private func file(_ properties: [String: String]) throws -> DataFile {
        let metadata = try TableMetadata.new(
            tableUUID: "u", location: "file:///t",
            columns: [NestedField(id: 0, name: "d", type: .double), NestedField(id: 0, name: "s", type: .string)],
            sort: [NewSortField(column: "s")], properties: properties, nowMs: 1)
        let text = Array("abcdefghijklmnopqrstuvwxyz".utf8)
        let written = WrittenFile(
            bytes: [1, 2, 3], rowCount: 9, splitOffsets: [4],
            columns: [
                ColumnMetrics(
                    fieldID: 1, compressedSize: 50, valueCount: 9, nullCount: 1, nanCount: 2, lowerBound: [0, 1],
                    upperBound: nil),
                ColumnMetrics(
                    fieldID: 2, compressedSize: 60, valueCount: 9, nullCount: 0, nanCount: nil, lowerBound: text,
                    upperBound: text),
            ])
        return try DataFile(location: "file:///t/f", partition: [], written: written, metadata: metadata)
    }

    @Test func theManifestSaysWhatWasWritten() throws {
        let file = try file([:])
        #expect(file.filePath == "file:///t/f" && file.fileSizeInBytes == 3 && file.recordCount == 9)
        #expect(file.columnSizes == [1: 50, 2: 60] && file.valueCounts == [1: 9, 2: 9])
        #expect(file.nullValueCounts == [1: 1, 2: 0] && file.nanValueCounts == [1: 2])
        #expect(file.lowerBounds == [1: [0, 1], 2: Array("abcdefghijklmnop".utf8)])
        #expect(file.upperBounds == [2: Array("abcdefghijklmnoq".utf8)])
        #expect(file.splitOffsets == [4] && file.sortOrderID == 1)
    }

    @Test func propertiesChooseTheMetrics() throws {
        let file = try file([
            "write.metadata.metrics.default": "counts", "write.metadata.metrics.column.s": "none",
        ])
        #expect(file.columnSizes == [1: 50, 2: 60] && file.valueCounts == [1: 9] && file.nullValueCounts == [1: 1])
        #expect(file.lowerBounds.isEmpty && file.upperBounds.isEmpty)
    }
}
