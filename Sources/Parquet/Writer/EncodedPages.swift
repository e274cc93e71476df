/// A chunk's pages in one encoding, compressed, before their headers: one candidate of those that a chunk is chosen
/// from.
struct EncodedPages: ~Copyable {
    /// One page's body.
    struct Body {
        var uncompressedSize: Int
        var compressedSize: Int
    }

    /// The encoding of the data pages.
    let encoding: Encoding
    /// What each data page holds.
    let ranges: [PageRange]
    /// The data pages' bodies, one a range.
    private(set) var bodies: [Body] = []
    /// The data pages' bytes, one after the other.
    private(set) var bytes = ByteBuffer()
    /// The dictionary page; nil without one.
    private(set) var dictionary: (count: Int, body: Body)?
    /// The dictionary page's bytes.
    private(set) var dictionaryBytes = ByteBuffer()

    /// About what a page's header takes.
    private static let headerSize = 24

    /// What the data pages take in the file, about.
    var dataSize: Int { bytes.count + bodies.count * Self.headerSize }

    /// What the pages take in the file, about; the footer has a few more bytes for a dictionary too.
    var size: Int { dataSize + (dictionary == nil ? 0 : dictionaryBytes.count + 2 * Self.headerSize) }

    /// PLAIN pages.
    init(
        plain column: ColumnBuffer, options: WriterOptions, compressor: inout Compressor
    ) throws(ParquetError) {
        encoding = .plain
        ranges = PageRange.cut(column, valueBits: column.plainBits, options: options)
        var page = ByteBuffer()
        for range in ranges {
            page.removeAll()
            column.appendLevels(range, to: &page)
            column.appendPlain(range, to: &page)
            bodies.append(try Self.compress(page, into: &bytes, &compressor))
        }
    }

    /// RLE_DICTIONARY pages, which need ``addDictionaryPage(_:compressor:)`` before they can stand in a file.
    init(
        indicesOf dictionary: borrowing DictionaryEncoding, _ column: ColumnBuffer, options: WriterOptions,
        compressor: inout Compressor
    ) throws(ParquetError) {
        encoding = .rleDictionary
        let largest = UInt32(truncatingIfNeeded: max(0, dictionary.count - 1))
        ranges = PageRange.cut(column, valueBits: max(1, BitPacking.bitWidth(ofMaximum: largest)), options: options)
        let indices = dictionary.indices.values(as: UInt32.self)
        var page = ByteBuffer()
        for range in ranges {
            page.removeAll()
            column.appendLevels(range, to: &page)
            let places = UnsafeBufferPointer(start: indices + range.values.lowerBound, count: range.values.count)
            // Values come to the dictionary as they appear, so a chunk's first pages need fewer bits than its last.
            // A width of 0 is valid, but some readers have stumbled over it.
            let bitWidth = max(1, BitPacking.bitWidth(ofMaximum: places.max() ?? 0))
            page.append(UInt8(bitWidth))
            RunLengthEncoding.append(places, bitWidth: bitWidth, to: &page)
            bodies.append(try Self.compress(page, into: &bytes, &compressor))
        }
    }

    /// Compresses the dictionary page.
    mutating func addDictionaryPage(
        _ dictionary: borrowing DictionaryEncoding, compressor: inout Compressor
    ) throws(ParquetError) {
        let body = try Self.compress(dictionary.page, into: &dictionaryBytes, &compressor)
        self.dictionary = (dictionary.count, body)
    }

    private static func compress(
        _ page: borrowing ByteBuffer, into bytes: inout ByteBuffer, _ compressor: inout Compressor
    ) throws(ParquetError) -> Body {
        guard page.count <= Int32.max else {
            throw ParquetError(.tooLarge, "a page of \(page.count) bytes does not fit 31 bits")
        }
        let size = try compressor.append(page.bytes, to: &bytes)
        guard size <= Int32.max else {
            throw ParquetError(.tooLarge, "a page of \(size) compressed bytes does not fit 31 bits")
        }
        return Body(uncompressedSize: page.count, compressedSize: size)
    }
}

extension ColumnBuffer {
    /// Bits of a PLAIN value; nil for strings.
    var plainBits: Int? { type == .boolean ? 1 : type.byteWidth.map { $0 * 8 } }

    /// Bytes of all values in PLAIN.
    var plainSize: Int {
        switch type {
        case .boolean: (valueCount + 7) / 8
        case .string, .binary: values.count + valueCount * 4
        default: values.count
        }
    }

    /// Appends a page's definition levels: their size in four bytes, then RLE; nothing for a required column.
    func appendLevels(_ page: PageRange, to buffer: inout ByteBuffer) {
        guard !isRequired else { return }
        let start = buffer.count
        buffer.append(UInt32(0))
        if page.rows.count == page.values.count || page.values.isEmpty {
            let level: UInt32 = page.values.isEmpty ? 0 : 1
            RunLengthEncoding.appendRun(of: level, count: page.rows.count, bitWidth: 1, to: &buffer)
        } else {
            let levels = presence.values(as: UInt8.self) + page.rows.lowerBound
            RunLengthEncoding.append(
                UnsafeBufferPointer(start: levels, count: page.rows.count), bitWidth: 1, to: &buffer)
        }
        buffer.overwrite(UInt32(truncatingIfNeeded: buffer.count - start - 4), at: start)
    }

    /// Appends a page's values, PLAIN.
    func appendPlain(_ page: PageRange, to buffer: inout ByteBuffer) {
        let first = page.values.lowerBound
        switch type {
        case .boolean:
            let booleans = values.values(as: UInt8.self) + first
            PlainEncoding.append(
                booleans: UnsafeBufferPointer(start: booleans, count: page.values.count), to: &buffer)
        case .string, .binary:
            let ends = ends.values(as: Int.self)
            PlainEncoding.append(
                strings: UnsafeBufferPointer(start: ends + first, count: page.values.count),
                from: first == 0 ? 0 : ends[first - 1], of: UnsafeRawPointer(values.base), to: &buffer)
        default:
            let width = valueWidth ?? 1
            buffer.append(
                UnsafeRawBufferPointer(start: values.base + first * width, count: page.values.count * width))
        }
    }

    /// The column's dictionary; nil for booleans and where it cannot be worth its bytes.
    func dictionary(byteLimit: Int) -> DictionaryEncoding? {
        switch type {
        case .boolean: nil
        case .int, .float, .date:
            DictionaryEncoding.of(
                UnsafeBufferPointer(start: values.values(as: UInt32.self), count: valueCount), byteLimit: byteLimit)
        case .long, .double, .timestamp, .timestamptz:
            DictionaryEncoding.of(
                UnsafeBufferPointer(start: values.values(as: UInt64.self), count: valueCount), byteLimit: byteLimit)
        case .string, .binary:
            DictionaryEncoding.of(
                strings: UnsafeBufferPointer(start: ends.values(as: Int.self), count: valueCount),
                of: UnsafeRawPointer(values.base), byteLimit: byteLimit)
        }
    }
}
