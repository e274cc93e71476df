import Testing

@testable import Parquet

/// A written file taken apart: footer, pages and indexes, each checked against the others as it is read.
struct ParsedFile {
    struct Page {
        let header: PageHeader
        let content: [UInt8]
    }

    let bytes: [UInt8]
    let footer: FileMetaData

    init(_ bytes: [UInt8]) throws {
        self.bytes = bytes
        let magic = Array("PAR1".utf8)
        try #require(bytes.count >= 12 && bytes.starts(with: magic) && bytes.suffix(4).elementsEqual(magic))
        let length = bytes.suffix(8).prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        var reader = try CompactReader(bytes, in: bytes.count - 8 - length..<bytes.count - 8)
        footer = try FileMetaData(from: &reader)
        #expect(reader.position == bytes.count - 8)
    }

    func chunk(_ column: Int, group: Int = 0) throws -> ColumnMetaData {
        try #require(footer.rowGroups[group].columns[column].metaData)
    }

    /// The pages of a chunk, whose sizes must add up to the chunk's.
    func pages(_ column: Int, group: Int = 0) throws -> [Page] {
        let chunk = try chunk(column, group: group)
        let start = Int(chunk.dictionaryPageOffset ?? chunk.dataPageOffset)
        let end = start + Int(chunk.totalCompressedSize)
        var position = start
        var pages: [Page] = []
        var uncompressed: Int64 = 0
        while position < end {
            var reader = try CompactReader(bytes, in: position..<end)
            let header = try PageHeader(from: &reader)
            let content = Array(bytes[reader.position..<reader.position + Int(header.compressedPageSize)])
            #expect(content.withUnsafeBytes { Checksum.crc32($0) } == header.crc)
            uncompressed += Int64(reader.position - position) + Int64(header.uncompressedPageSize)
            position = reader.position + content.count
            pages.append(Page(header: header, content: content))
        }
        #expect(position == end)
        #expect(uncompressed == chunk.totalUncompressedSize)
        return pages
    }

    func columnIndex(_ column: Int, group: Int = 0) throws -> ColumnIndex? {
        let chunk = footer.rowGroups[group].columns[column]
        guard let offset = chunk.columnIndexOffset, let length = chunk.columnIndexLength else { return nil }
        var reader = try CompactReader(bytes, in: Int(offset)..<Int(offset) + Int(length))
        return try ColumnIndex(from: &reader)
    }

    func offsetIndex(_ column: Int, group: Int = 0) throws -> OffsetIndex {
        let chunk = footer.rowGroups[group].columns[column]
        let offset = try #require(chunk.offsetIndexOffset)
        let length = try #require(chunk.offsetIndexLength)
        var reader = try CompactReader(bytes, in: Int(offset)..<Int(offset) + Int(length))
        return try OffsetIndex(from: &reader)
    }

    /// One line a page: what it is, its values, its encoding, and the bytes of its content before compression.
    func layout() throws -> [String] {
        var lines: [String] = []
        for group in footer.rowGroups.indices {
            for column in footer.rowGroups[group].columns.indices {
                for page in try pages(column, group: group) {
                    let size = page.header.uncompressedPageSize
                    let place = "group \(group) column \(column)"
                    if let header = page.header.dictionaryPageHeader {
                        lines.append("\(place): dictionary \(header.valueCount) \(header.encoding) \(size)")
                    } else if let header = page.header.dataPageHeader {
                        lines.append("\(place): data \(header.valueCount) \(header.encoding) \(size)")
                    }
                }
            }
        }
        return lines
    }
}
