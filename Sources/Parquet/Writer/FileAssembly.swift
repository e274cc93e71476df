internal import Columnar

/// The bytes of a file as they come together: the magic, row groups, page indexes, the footer.
struct FileAssembly: Sendable {
    private static let magic: [UInt8] = Array("PAR1".utf8)

    private var bytes = Self.magic
    private var rowGroups: [RowGroup] = []
    /// Of each row group, each column's indexes.
    private var indexes: [[(column: ColumnIndex?, offset: OffsetIndex)]] = []
    private var rowCount: Int64 = 0
    /// Of each column, over all row groups.
    private var totals: [(compressedSize: Int64, statistics: PageStatistics)] = []

    /// Appends a row group.
    mutating func append(_ chunks: [EncodedChunk], rowCount: Int, options: WriterOptions) throws(ParquetError) {
        let start = Int64(bytes.count)
        bytes.reserveCapacity(bytes.count + chunks.reduce(4096) { $0 + $1.bytes.count })
        if totals.isEmpty { totals = chunks.map { _ in (0, PageStatistics()) } }
        var group = RowGroup(columns: [], totalByteSize: 0, rowCount: Int64(rowCount))
        var groupIndexes: [(ColumnIndex?, OffsetIndex)] = []
        for (index, encoded) in chunks.enumerated() {
            var chunk = encoded
            chunk.move(to: Int64(bytes.count))
            bytes.append(contentsOf: chunk.bytes)
            group.columns.append(ColumnChunk(metaData: chunk.metaData))
            group.totalByteSize += chunk.metaData.totalUncompressedSize
            groupIndexes.append((chunk.columnIndex, chunk.offsetIndex))
            totals[index].compressedSize += chunk.metaData.totalCompressedSize
            totals[index].statistics.add(chunk.statistics)
        }
        group.fileOffset = start
        group.totalCompressedSize = Int64(bytes.count) - start
        group.ordinal = Int16(exactly: rowGroups.count)
        if !options.sortingColumns.isEmpty { group.sortingColumns = options.sortingColumns }
        rowGroups.append(group)
        indexes.append(groupIndexes)
        self.rowCount += Int64(rowCount)
    }

    /// Appends page indexes and footer.
    consuming func finish(fields: [Field], options: WriterOptions) throws(ParquetError) -> WrittenFile {
        try appendIndexes()
        var metaData = FileMetaData(
            schema: [SchemaElement(rootOf: Int32(fields.count))] + fields.map { SchemaElement($0) },
            rowCount: rowCount, rowGroups: rowGroups)
        if !options.keyValueMetadata.isEmpty {
            metaData.keyValueMetadata = options.keyValueMetadata.map { KeyValue(key: $0.0, value: $0.1) }
        }
        metaData.createdBy = options.createdBy
        metaData.columnOrders = fields.map { _ in .typeDefined }
        let footer = metaData.serialized
        guard let length = Int32(exactly: footer.count) else {
            throw ParquetError(.tooLarge, "a footer of \(footer.count) bytes does not fit 31 bits")
        }
        bytes.append(contentsOf: footer)
        withUnsafeBytes(of: length.littleEndian) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: Self.magic)
        return WrittenFile(
            bytes: bytes, rowCount: rowCount, splitOffsets: rowGroups.compactMap(\.fileOffset),
            columns: fields.enumerated().map { index, field in metrics(of: field, at: index) })
    }

    /// All column indexes, then all offset indexes, as the format advises.
    private mutating func appendIndexes() throws(ParquetError) {
        for group in rowGroups.indices {
            for column in rowGroups[group].columns.indices {
                guard let index = indexes[group][column].column else { continue }
                rowGroups[group].columns[column].columnIndexOffset = Int64(bytes.count)
                rowGroups[group].columns[column].columnIndexLength = try append(index)
            }
        }
        for group in rowGroups.indices {
            for column in rowGroups[group].columns.indices {
                rowGroups[group].columns[column].offsetIndexOffset = Int64(bytes.count)
                rowGroups[group].columns[column].offsetIndexLength = try append(indexes[group][column].offset)
            }
        }
    }

    /// - Returns: the bytes that the struct takes.
    private mutating func append(_ index: some ThriftStruct) throws(ParquetError) -> Int32 {
        let serialized = index.serialized
        guard let length = Int32(exactly: serialized.count) else {
            throw ParquetError(.tooLarge, "a page index of \(serialized.count) bytes does not fit 31 bits")
        }
        bytes.append(contentsOf: serialized)
        return length
    }

    private func metrics(of field: Field, at index: Int) -> ColumnMetrics {
        let total = totals.isEmpty ? (compressedSize: 0, statistics: PageStatistics()) : totals[index]
        let bounds = total.statistics.bounds?.exact(field.type)
        let hasNaNs = field.type == .float || field.type == .double
        return ColumnMetrics(
            fieldID: field.id, compressedSize: total.compressedSize,
            valueCount: total.statistics.valueCount + total.statistics.nullCount,
            nullCount: total.statistics.nullCount, nanCount: hasNaNs ? total.statistics.nanCount : nil,
            lowerBound: bounds?.minimum, upperBound: bounds?.maximum)
    }
}
