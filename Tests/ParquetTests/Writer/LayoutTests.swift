import Columnar
import TestSupport
import Testing

@testable import Parquet

@Suite struct LayoutTests {
    /// Longs (constant, then rising), a nullable string that repeats.
    static func batch(rows: Int) -> RecordBatch {
        let batch = RecordBatch([
            Field(name: "constant", type: .long, isRequired: true, id: 1),
            Field(name: "rising", type: .long, isRequired: true, id: 2),
            Field(name: "text", type: .string, id: 3),
        ])
        for row in 0..<rows {
            batch.columns[0].append(Int64(7))
            batch.columns[1].append(Int64(row))
            if row % 4 == 3 { batch.columns[2].appendNull() } else { batch.columns[2].append("abc\(row % 2)") }
            batch.finishRow()
        }
        return batch
    }

    private func layout(_ batches: [RecordBatch], _ change: (inout WriterOptions) -> Void) throws -> ParsedFile {
        var options = WriterOptions()
        options.compression = .none
        change(&options)
        var writer = try ParquetWriter(fields: batches[0].fields, options: options)
        for batch in batches { try writer.write(batch) }
        return try ParsedFile(try writer.finish().bytes)
    }

    @Test func oneGroupWithADictionaryWhereItPays() throws {
        let file = try layout([Self.batch(rows: 400)]) { _ in }
        #expect(
            try file.layout() == [
                "group 0 column 0: dictionary 1 plain 8",
                "group 0 column 0: data 400 rleDictionary 4",
                "group 0 column 1: data 400 plain 3200",
                "group 0 column 2: dictionary 2 plain 16",
                // Levels: 4 bytes, a header, 50 groups of a byte. Values: a width, a header, 38 groups.
                "group 0 column 2: data 400 rleDictionary 95",
            ])
    }

    @Test func pagesEndAtTheirRows() throws {
        let file = try layout([Self.batch(rows: 100)]) {
            $0.pageRows = 50
            $0.usesDictionary = false
        }
        #expect(
            try file.layout() == [
                "group 0 column 0: data 50 plain 400", "group 0 column 0: data 50 plain 400",
                "group 0 column 1: data 50 plain 400", "group 0 column 1: data 50 plain 400",
                // 38 and 37 strings of 4 + 4 bytes after 12 bytes of levels.
                "group 0 column 2: data 50 plain 316", "group 0 column 2: data 50 plain 308",
            ])
        #expect(try file.offsetIndex(1).pageLocations.map(\.firstRowIndex) == [0, 50])
    }

    @Test func pagesEndAtTheirBytes() throws {
        let file = try layout([Self.batch(rows: 20)]) {
            $0.pageBytes = 64
            $0.usesDictionary = false
        }
        let rows = try (0..<3).map { column in
            try file.pages(column).compactMap { $0.header.dataPageHeader?.valueCount }
        }
        // Eight longs of 8 bytes; eight strings of 4 + 4 bytes, with the nulls among and after them.
        #expect(rows == [[8, 8, 4], [8, 8, 4], [10, 10]])
    }

    @Test func rowGroupsEndAtTheirBytesAcrossBatches() throws {
        let fields = [Field(name: "a", type: .long, isRequired: true, id: 1)]
        let batches = [3, 5, 0, 4].map { rows in
            let batch = RecordBatch(fields)
            for row in 0..<rows {
                batch.columns[0].append(Int64(row))
                batch.finishRow()
            }
            return batch
        }
        let file = try layout(batches) { $0.rowGroupBytes = 40 }
        #expect(file.footer.rowGroups.map(\.rowCount) == [5, 5, 2])
        #expect(file.footer.rowGroups.map(\.ordinal) == [0, 1, 2])
        #expect(file.footer.rowCount == 12)
    }

    @Test func rowLargerThanARowGroupStillIsOne() throws {
        let file = try layout([Self.batch(rows: 3)]) { $0.rowGroupBytes = 1 }
        #expect(file.footer.rowGroups.map(\.rowCount) == [1, 1, 1])
    }

    @Test func offsetsPointAtPages() throws {
        let file = try layout([Self.batch(rows: 400)]) {
            $0.pageRows = 64
            $0.rowGroupBytes = 5000
        }
        for group in file.footer.rowGroups.indices {
            for column in 0..<3 {
                let chunk = try file.chunk(column, group: group)
                let locations = try file.offsetIndex(column, group: group).pageLocations
                #expect(locations.first?.offset == chunk.dataPageOffset)
                let dataPages = try file.pages(column, group: group).filter { $0.header.dataPageHeader != nil }
                #expect(locations.count == dataPages.count)
                #expect(chunk.encodingStats?.last?.count == Int32(dataPages.count))
                var row: Int64 = 0
                for (location, page) in zip(locations, dataPages) {
                    var reader = try CompactReader(file.bytes, in: Int(location.offset)..<file.bytes.count)
                    #expect(try PageHeader(from: &reader) == page.header)
                    #expect(
                        Int(location.compressedPageSize) == reader.position - Int(location.offset) + page.content.count)
                    #expect(location.firstRowIndex == row)
                    row += Int64(page.header.dataPageHeader?.valueCount ?? 0)
                }
                #expect(row == file.footer.rowGroups[group].rowCount)
            }
        }
    }

    @Test func dictionaryIsOnlyKeptWhereTheFileIsSmaller() throws {
        for distinct in [1, 2, 10, 100, 300, 500, 700, 900, 999] {
            for compression in [Compression.none, .snappy, .zstd(level: 3)] {
                let batch = RecordBatch([Field(name: "a", type: .long, isRequired: true, id: 1)])
                var random = SeededGenerator(seed: UInt64(distinct))
                let pool = (0..<distinct).map { _ in Int64.random(in: .min ... .max, using: &random) }
                for row in 0..<1000 {
                    batch.columns[0].append(row < distinct ? pool[row] : pool.randomElement(using: &random) ?? 0)
                    batch.finishRow()
                }
                let sizes = try [true, false].map { usesDictionary in
                    try layout([batch]) {
                        $0.usesDictionary = usesDictionary
                        $0.compression = compression
                    }.bytes.count
                }
                #expect(sizes[0] <= sizes[1])
            }
        }
    }

    @Test func laterPagesOfADictionaryMayNeedMoreBits() throws {
        let batch = RecordBatch([Field(name: "a", type: .int, isRequired: true, id: 1)])
        for row in 0..<4000 {
            batch.columns[0].append(Int32(row < 2000 ? row % 2 : row % 100))
            batch.finishRow()
        }
        let file = try layout([batch]) { $0.pageRows = 2000 }
        #expect(try file.pages(0).dropFirst().map { $0.content[0] } == [1, 7])
    }
}
