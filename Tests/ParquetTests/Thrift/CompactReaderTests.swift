import Columnar
import TestSupport
import Testing

@testable import Parquet

@Suite struct CompactReaderTests {
    /// A footer with every field set.
    static let footer: FileMetaData = {
        var metaData = ColumnMetaData(type: .int64, pathInSchema: ["a"], codec: .zstd, valueCount: 5)
        metaData.encodings = [.plain, .rle, .rleDictionary]
        metaData.dictionaryPageOffset = 4
        metaData.dataPageOffset = 40
        metaData.totalCompressedSize = .max
        metaData.totalUncompressedSize = 1 << 40
        var statistics = Statistics()
        statistics.nullCount = 1
        statistics.minValue = [1, 2, 3]
        statistics.maxValue = []
        statistics.isMinValueExact = false
        statistics.isMaxValueExact = true
        metaData.statistics = statistics
        metaData.encodingStats = [PageEncodingStats(pageType: .dataPage, encoding: .plain, count: 3)]
        var chunk = ColumnChunk(metaData: metaData)
        chunk.columnIndexOffset = 100
        chunk.columnIndexLength = 10
        chunk.offsetIndexOffset = 110
        chunk.offsetIndexLength = 20
        var group = RowGroup(columns: [chunk], totalByteSize: 9, rowCount: 5)
        group.fileOffset = 4
        group.totalCompressedSize = 8
        group.ordinal = 0
        group.sortingColumns = [SortingColumn(columnIndex: 0, isDescending: true, nullsFirst: false)]
        let fields = [
            Field(name: "a", type: .timestamptz, id: 1), Field(name: "b", type: .string, isRequired: true, id: -5),
            Field(name: "c", type: .date, id: .max), Field(name: "d", type: .timestamp, id: 1),
        ]
        var footer = FileMetaData(
            schema: [SchemaElement(rootOf: 4)] + fields.map { SchemaElement($0) }, rowCount: 5, rowGroups: [group])
        footer.keyValueMetadata = [KeyValue(key: "k", value: "v")]
        footer.createdBy = "writer"
        footer.columnOrders = [.typeDefined]
        return footer
    }()

    static let columnIndex: ColumnIndex = {
        var index = ColumnIndex()
        index.nullPages = [true, false]
        index.minValues = [[], [1]]
        index.maxValues = [[], [2]]
        index.boundaryOrder = .descending
        index.nullCounts = [3, 0]
        return index
    }()

    static let pageHeader: PageHeader = {
        var header = PageHeader(type: .dataPage, uncompressedPageSize: 10, compressedPageSize: 9, crc: -1)
        header.dataPageHeader = DataPageHeader(valueCount: 5, encoding: .rleDictionary)
        header.dictionaryPageHeader = DictionaryPageHeader(valueCount: 2, encoding: .plain)
        return header
    }()

    private func read<Value: ThriftStruct>(_ bytes: [UInt8], as type: Value.Type) throws(ParquetError) -> Value {
        var reader = try CompactReader(bytes)
        return try Value(from: &reader)
    }

    private func expectRoundTripAndErrors<Value: ThriftStruct>(_ value: Value) throws {
        let bytes = value.serialized
        #expect(try read(bytes, as: Value.self) == value)
        for end in 0..<bytes.count {
            let error = #expect(throws: ParquetError.self) { try read(Array(bytes[..<end]), as: Value.self) }
            #expect(error?.code == .malformed)
        }
        var random = SeededGenerator(seed: 11)
        for _ in 0..<3000 {
            var mutated = bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                mutated[Int.random(in: 0..<mutated.count, using: &random)] = .random(in: 0...255, using: &random)
            }
            do { _ = try read(mutated, as: Value.self) } catch { #expect(error.code == .malformed) }
        }
    }

    @Test func footerReadsBackAndDamageIsAnError() throws { try expectRoundTripAndErrors(Self.footer) }

    @Test func pageHeaderReadsBackAndDamageIsAnError() throws { try expectRoundTripAndErrors(Self.pageHeader) }

    @Test func columnIndexReadsBackAndDamageIsAnError() throws { try expectRoundTripAndErrors(Self.columnIndex) }

    @Test func offsetIndexReadsBackAndDamageIsAnError() throws {
        let locations = (0..<20).map { PageLocation(offset: $0 << 33, compressedPageSize: 7, firstRowIndex: $0) }
        try expectRoundTripAndErrors(OffsetIndex(pageLocations: locations))
    }

    @Test func unknownFieldsOfEveryTypeAreSkipped() throws {
        let unknown: [UInt8] =
            [
                0x71, 0x12, 0x13, 0xFF, 0x14, 0x02, 0x17, 1, 2, 3, 4, 5, 6, 7, 8, 0x18, 2, 9, 9, 0x19, 0x25, 1, 2,
                0x1A, 0x11, 1, 0x1B, 1, 0x58, 2, 1, 7, 0x1B, 0, 0x1C, 0x15, 0, 0x11, 0, 0x1D,
            ] + [UInt8](repeating: 0, count: 16)
        let known = PageLocation(offset: 4, compressedPageSize: 2, firstRowIndex: 0)
        #expect(try read(known.serialized.dropLast() + unknown + [0], as: PageLocation.self) == known)
    }

    @Test(
        arguments: [
            // A list of 2^62 elements, a string past the end, a varint of eleven bytes, an unknown type.
            [0x29, 0xFC, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x3F], [0x68, 0x7F, 1],
            [0x15, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], [0x1E],
            // An integer past 32 bits, a string as an integer, a missing field, invalid UTF-8.
            [0x15, 0x80, 0x80, 0x80, 0x80, 0x20, 0], [0x18, 0, 0], [0x15, 2, 0], [0x68, 1, 0xFF, 0],
        ] as [[UInt8]])
    func liesAreErrors(bytes: [UInt8]) {
        let error = #expect(throws: ParquetError.self) { try read(bytes, as: FileMetaData.self) }
        #expect(error?.code == .malformed)
        #expect(error?.offset != nil)
    }

    @Test func nestingIsBounded() {
        for opening in [[UInt8](repeating: 0xFC, count: 100_000), [0xF9] + [UInt8](repeating: 0x19, count: 100_000)] {
            #expect(throws: ParquetError.self) { try read(opening, as: FileMetaData.self) }
        }
    }

    @Test func rangeOutsideTheBytesIsAnError() {
        #expect(throws: ParquetError.self) { try CompactReader([1, 2], in: 1..<3) }
    }
}
