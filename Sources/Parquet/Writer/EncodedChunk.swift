internal import Columnar

/// One column chunk, ready to be put into a file: a pure function of its values and the options, so that the chunks of
/// a row group may be encoded side by side.
struct EncodedChunk: Sendable {
    /// The pages with their headers; offsets below count from the first byte.
    private(set) var bytes: [UInt8] = []
    private(set) var metaData: ColumnMetaData
    private(set) var offsetIndex = OffsetIndex(pageLocations: [])
    /// Nil where the format forbids one: a page of nothing but NaNs, or a long maximum that cannot be truncated.
    private(set) var columnIndex: ColumnIndex?
    /// Counts and exact bounds.
    private(set) var statistics = PageStatistics()

    /// Encodes a column in the way that takes the fewest bytes.
    init(
        _ column: ColumnBuffer, options: WriterOptions, compressor: inout Compressor
    ) throws(ParquetError) {
        metaData = ColumnMetaData(
            type: column.type.physicalType, pathInSchema: [column.name], codec: options.compression.codec,
            valueCount: Int64(column.rowCount))
        do {
            let pages = try Self.smallest(column, options: options, compressor: &compressor)
            try assemble(pages)
            summarise(column, pages.ranges, options: options)
        } catch {
            throw error.inColumn(column.name)
        }
    }

    /// Tries the dictionary and PLAIN, except where one of them cannot be the smaller.
    private static func smallest(
        _ column: ColumnBuffer, options: WriterOptions, compressor: inout Compressor
    ) throws(ParquetError) -> EncodedPages {
        guard options.usesDictionary, let dictionary = column.dictionary(byteLimit: options.dictionaryBytes) else {
            return try EncodedPages(plain: column, options: options, compressor: &compressor)
        }
        var encoded = try EncodedPages(indicesOf: dictionary, column, options: options, compressor: &compressor)
        let plainFloor = options.compression.smallestSize(of: column.plainSize)
        if encoded.dataSize + dictionary.page.count < plainFloor {
            try encoded.addDictionaryPage(dictionary, compressor: &compressor)
            return encoded
        }
        let plain = try EncodedPages(plain: column, options: options, compressor: &compressor)
        // The dictionary's values are some of those that PLAIN compresses, with the repeats gone: they compress no
        // better, so where even that rate would not do, the dictionary page need not be compressed to know.
        let dictionaryFloor = plain.bytes.count * dictionary.page.count / max(1, column.plainSize)
        guard encoded.dataSize + dictionaryFloor < plain.size else { return plain }
        try encoded.addDictionaryPage(dictionary, compressor: &compressor)
        return encoded.size < plain.size ? encoded : plain
    }

    /// Puts headers before the pages' bodies, and notes where they lie.
    private mutating func assemble(_ pages: borrowing EncodedPages) throws(ParquetError) {
        bytes.reserveCapacity(
            pages.bytes.count + pages.dictionaryBytes.count + (pages.bodies.count + 1) * 64)
        var stats = [
            PageEncodingStats(pageType: .dataPage, encoding: pages.encoding, count: Int32(pages.ranges.count))
        ]
        if let dictionary = pages.dictionary {
            metaData.dictionaryPageOffset = 0
            _ = try append(.dictionaryPage, dictionary.body, pages.dictionaryBytes.bytes) { header in
                header.dictionaryPageHeader = DictionaryPageHeader(
                    valueCount: Int32(truncatingIfNeeded: dictionary.count), encoding: .plain)
            }
            stats.insert(PageEncodingStats(pageType: .dictionaryPage, encoding: .plain, count: 1), at: 0)
        }
        metaData.encodingStats = stats
        metaData.encodings = pages.dictionary == nil ? [.plain, .rle] : [.plain, .rle, .rleDictionary]
        metaData.dataPageOffset = Int64(bytes.count)
        var position = 0
        for (range, body) in zip(pages.ranges, pages.bodies) {
            let content = UnsafeRawBufferPointer(rebasing: pages.bytes.bytes[position..<position + body.compressedSize])
            position += body.compressedSize
            let offset = Int64(bytes.count)
            let size = try append(.dataPage, body, content) { header in
                header.dataPageHeader = DataPageHeader(
                    valueCount: Int32(truncatingIfNeeded: range.rows.count), encoding: pages.encoding)
            }
            offsetIndex.pageLocations.append(
                PageLocation(offset: offset, compressedPageSize: size, firstRowIndex: Int64(range.rows.lowerBound)))
        }
        metaData.totalCompressedSize = Int64(bytes.count)
    }

    /// Appends a page.
    /// - Returns: its bytes, header included.
    private mutating func append(
        _ type: PageType, _ body: EncodedPages.Body, _ content: UnsafeRawBufferPointer,
        complete: (inout PageHeader) -> Void
    ) throws(ParquetError) -> Int32 {
        var header = PageHeader(
            type: type, uncompressedPageSize: Int32(body.uncompressedSize),
            compressedPageSize: Int32(body.compressedSize), crc: Checksum.crc32(content))
        complete(&header)
        let headerBytes = header.serialized
        guard let size = Int32(exactly: headerBytes.count + content.count) else {
            throw ParquetError(.tooLarge, "a page with its header does not fit 31 bits")
        }
        bytes.append(contentsOf: headerBytes)
        bytes.append(contentsOf: content)
        metaData.totalUncompressedSize += Int64(headerBytes.count + body.uncompressedSize)
        return size
    }

    /// Takes the statistics of the pages and of the chunk.
    private mutating func summarise(_ column: ColumnBuffer, _ ranges: [PageRange], options: WriterOptions) {
        let pages = ranges.map { PageStatistics(of: $0, in: column) }
        for page in pages { statistics.add(page) }
        columnIndex = ColumnIndex(pages, type: column.type, length: options.statisticsLength)
        metaData.statistics = Statistics(statistics, type: column.type, length: options.statisticsLength)
    }

    /// Moves the chunk to where its first byte lies in the file.
    mutating func move(to offset: Int64) {
        metaData.dataPageOffset += offset
        metaData.dictionaryPageOffset = metaData.dictionaryPageOffset.map { $0 + offset }
        for index in offsetIndex.pageLocations.indices { offsetIndex.pageLocations[index].offset += offset }
    }
}

extension Statistics {
    /// A chunk's statistics; bounds are left out where there are none, the maximum where it is too long and cannot be truncated.
    init(_ chunk: PageStatistics, type: ColumnType, length: Int) {
        nullCount = chunk.nullCount
        guard let bounds = chunk.bounds else { return }
        let truncated = TruncatedBounds(bounds, type: type, length: length)
        minValue = truncated.minimum
        isMinValueExact = truncated.isMinimumExact
        guard let maximum = truncated.maximum else { return }
        maxValue = maximum
        isMaxValueExact = truncated.isMaximumExact
    }
}
