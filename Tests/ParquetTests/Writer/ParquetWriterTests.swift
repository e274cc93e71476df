import Columnar
import Testing

@testable import Parquet

@Suite struct ParquetWriterTests {
    private func field(_ type: ColumnType, required: Bool = false) -> Field {
        Field(name: "a", type: type, isRequired: required, id: 3)
    }

    private func write(_ batch: RecordBatch, _ options: WriterOptions = WriterOptions()) throws -> WrittenFile {
        var writer = try ParquetWriter(fields: batch.fields, options: options)
        try writer.write(batch)
        return try writer.finish()
    }

    private func code(_ body: () throws -> Void) -> ParquetError.Code? {
        let error = #expect(throws: ParquetError.self) { try body() }
        return error?.code
    }

    @Test func fileWithoutRowsIsAFile() throws {
        let written = try write(RecordBatch([field(.double)]))
        let file = try ParsedFile(written.bytes)
        #expect(file.footer.rowGroups.isEmpty && file.footer.rowCount == 0 && written.splitOffsets.isEmpty)
        #expect(
            written.columns == [
                ColumnMetrics(
                    fieldID: 3, compressedSize: 0, valueCount: 0, nullCount: 0, nanCount: 0, lowerBound: nil,
                    upperBound: nil)
            ])
    }

    @Test func smallestFileHasExactlyThesePages() throws {
        let batch = RecordBatch([field(.int, required: true)])
        batch.columns[0].append(Int32(-2))
        batch.finishRow()
        var options = WriterOptions()
        options.compression = .none
        let file = try ParsedFile(try write(batch, options).bytes)
        #expect(try file.pages(0).map(\.content) == [[0xFE, 0xFF, 0xFF, 0xFF]])
        let statistics = try #require(try file.chunk(0).statistics)
        #expect(statistics.minValue == [0xFE, 0xFF, 0xFF, 0xFF] && statistics.isMinValueExact == true)
        #expect(statistics.nullCount == 0)
    }

    @Test func definitionLevelsComeBeforeTheValues() throws {
        let batch = RecordBatch([field(.boolean)])
        for value in [true, nil, false, true] {
            if let value { batch.columns[0].append(value) } else { batch.columns[0].appendNull() }
            batch.finishRow()
        }
        var options = WriterOptions()
        options.compression = .none
        let file = try ParsedFile(try write(batch, options).bytes)
        #expect(try file.pages(0).map(\.content) == [[2, 0, 0, 0, 0x03, 0b1101, 0b101]])
    }

    @Test func footerCarriesWhatTheCallerSaid() throws {
        var options = WriterOptions()
        options.keyValueMetadata = [("iceberg.schema", "{}"), ("b", "")]
        options.sortingColumns = [SortingColumn(columnIndex: 0, isDescending: true, nullsFirst: true)]
        let batch = RecordBatch([field(.timestamp)])
        batch.columns[0].append(Int64(5))
        batch.finishRow()
        let footer = try ParsedFile(try write(batch, options).bytes).footer
        #expect(
            footer.keyValueMetadata == [KeyValue(key: "iceberg.schema", value: "{}"), KeyValue(key: "b", value: "")])
        #expect(footer.createdBy == "swiftlake version 0.1.0 (build release)")
        #expect(footer.columnOrders == [.typeDefined])
        #expect(footer.rowGroups[0].sortingColumns == options.sortingColumns)
        #expect(footer.schema[1].fieldID == 3)
        #expect(footer.schema[1].convertedType == .timestampMicros)
        #expect(footer.schema[1].logicalType == .timestamp(isAdjustedToUTC: false))
    }

    @Test func batchMayChangeAfterItWasWritten() throws {
        let batch = RecordBatch([field(.string)])
        batch.columns[0].append("first")
        batch.finishRow()
        var writer = try ParquetWriter(fields: batch.fields)
        try writer.write(batch)
        batch.truncate(to: 0)
        batch.columns[0].append("other")
        batch.finishRow()
        try writer.write(batch)
        let written = try writer.finish()
        #expect(written.rowCount == 2)
        #expect(written.columns[0].lowerBound == Array("first".utf8))
        #expect(written.columns[0].upperBound == Array("other".utf8))
    }

    @Test func unfinishedRowIsNotWritten() throws {
        let batch = RecordBatch([field(.int)])
        batch.columns[0].append(Int32(1))
        batch.finishRow()
        batch.columns[0].appendNull()
        #expect(try write(batch).columns[0].valueCount == 1)
    }

    @Test func nullInARequiredColumnIsRefusedAndTheWriterGoesOn() throws {
        let batch = RecordBatch([field(.int, required: true)])
        batch.columns[0].append(Int32(1))
        batch.finishRow()
        let bad = RecordBatch(batch.fields)
        bad.columns[0].appendNull()
        bad.finishRow()
        var writer = try ParquetWriter(fields: batch.fields)
        do {
            try writer.write(bad)
            Issue.record("a null was taken")
        } catch {
            #expect(error.code == .invalidBatch && error.column == "a")
        }
        try writer.write(batch)
        #expect(try writer.finish().rowCount == 1)
    }

    @Test func batchOfOtherColumnsIsRefused() {
        for fields in [[], [field(.long)], [Field(name: "b", type: .int, id: 3)], [field(.int), field(.int)]] {
            #expect(
                code {
                    var writer = try ParquetWriter(fields: [field(.int)])
                    try writer.write(RecordBatch(fields))
                } == .invalidBatch)
        }
    }

    @Test func schemaWithoutColumnsOrWithTwoOfOneNameIsRefused() {
        #expect(code { _ = try ParquetWriter(fields: []) } == .invalidSchema)
        #expect(code { _ = try ParquetWriter(fields: [field(.int), field(.long)]) } == .invalidSchema)
    }

    @Test func optionsBelowOneAreRefused() {
        for option in [\WriterOptions.rowGroupBytes, \.pageBytes, \.pageRows, \.statisticsLength] {
            for value in [0, -1, Int.min] {
                var options = WriterOptions()
                options[keyPath: option] = value
                #expect(code { _ = try ParquetWriter(fields: [field(.int)], options: options) } == .invalidOption)
            }
        }
    }

    @Test func otherOptionsOutOfRangeAreRefused() {
        for change in [
            { $0.compression = .zstd(level: 0) }, { $0.compression = .zstd(level: 23) }, { $0.pageRows = .max },
            { $0.dictionaryBytes = -1 }, { $0.sortingColumns = [SortingColumn(columnIndex: 1)] },
            { $0.sortingColumns = [SortingColumn(columnIndex: -1)] },
        ] as [(inout WriterOptions) -> Void] {
            var options = WriterOptions()
            change(&options)
            #expect(code { _ = try ParquetWriter(fields: [field(.int)], options: options) } == .invalidOption)
        }
    }

    @Test func largestOptionsDoNotOverflow() throws {
        var options = WriterOptions()
        options.rowGroupBytes = .max
        options.pageBytes = .max
        options.dictionaryBytes = .max
        options.statisticsLength = .max
        let batch = LayoutTests.batch(rows: 100)
        let file = try ParsedFile(try write(batch, options).bytes)
        #expect(try file.layout() == ParsedFile(try write(batch).bytes).layout())
    }

    @Test func metricsSpanRowGroups() throws {
        let batch = RecordBatch([field(.float)])
        for value in [Float.nan, 2, -0.0, nil, .nan, 0] as [Float?] {
            if let value { batch.columns[0].append(value) } else { batch.columns[0].appendNull() }
            batch.finishRow()
        }
        var options = WriterOptions()
        options.rowGroupBytes = 8
        let written = try write(batch, options)
        #expect(written.splitOffsets.count == 3 && written.splitOffsets.first == 4)
        let metrics = written.columns[0]
        #expect(metrics.valueCount == 6 && metrics.nullCount == 1 && metrics.nanCount == 2)
        #expect(metrics.lowerBound == [0, 0, 0, 0x80] && metrics.upperBound == [0, 0, 0, 0x40])
    }

    @Test func errorsSayNothingOfTheRows() {
        let error = ParquetError(.malformed, "a length past the end", column: "a", offset: 7)
        #expect(error.description == "column a: a length past the end (malformed at byte 7)")
    }
}
