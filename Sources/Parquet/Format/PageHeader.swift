/// `PageHeader`, which stands before every page's bytes.
struct PageHeader: ThriftStruct {
    /// 1
    var type: PageType
    /// 2: bytes after the header, before compression.
    var uncompressedPageSize: Int32
    /// 3: bytes after the header.
    var compressedPageSize: Int32
    /// 4: CRC-32 of the bytes after the header, as compressed.
    var crc: Int32?
    /// 5
    var dataPageHeader: DataPageHeader?
    /// 7
    var dictionaryPageHeader: DictionaryPageHeader?

    init(type: PageType, uncompressedPageSize: Int32, compressedPageSize: Int32, crc: Int32) {
        self.type = type
        self.uncompressedPageSize = uncompressedPageSize
        self.compressedPageSize = compressedPageSize
        self.crc = crc
    }

    init(from reader: inout CompactReader) throws(ParquetError) {
        var type: PageType?
        var uncompressed: Int32?
        var compressed: Int32?
        try reader.beginStruct()
        while let field = try reader.nextField() {
            switch field.id {
            case 1: type = try reader.enumeration(field)
            case 2: uncompressed = try reader.i32(field)
            case 3: compressed = try reader.i32(field)
            case 4: crc = try reader.i32(field)
            case 5: dataPageHeader = try reader.structure(field)
            case 7: dictionaryPageHeader = try reader.structure(field)
            default: try reader.skip(field)
            }
        }
        self.type = try reader.required(type, "PageHeader.type")
        uncompressedPageSize = try reader.required(uncompressed, "PageHeader.uncompressed_page_size")
        compressedPageSize = try reader.required(compressed, "PageHeader.compressed_page_size")
    }

    func write(to writer: inout CompactWriter) {
        writer.field(1, type)
        writer.field(2, uncompressedPageSize)
        writer.field(3, compressedPageSize)
        writer.field(4, crc)
        writer.field(5, dataPageHeader)
        writer.field(7, dictionaryPageHeader)
    }
}

/// `DataPageHeader`, of data page v1.
struct DataPageHeader: ThriftStruct {
    /// 1: nulls included.
    var valueCount: Int32
    /// 2
    var encoding: Encoding
    /// 3
    var definitionLevelEncoding: Encoding = .rle
    /// 4
    var repetitionLevelEncoding: Encoding = .rle

    init(valueCount: Int32, encoding: Encoding) {
        self.valueCount = valueCount
        self.encoding = encoding
    }

    init(from reader: inout CompactReader) throws(ParquetError) {
        var valueCount: Int32?
        var encoding: Encoding?
        try reader.beginStruct()
        while let field = try reader.nextField() {
            switch field.id {
            case 1: valueCount = try reader.i32(field)
            case 2: encoding = try reader.enumeration(field)
            case 3: definitionLevelEncoding = try reader.enumeration(field)
            case 4: repetitionLevelEncoding = try reader.enumeration(field)
            default: try reader.skip(field)
            }
        }
        self.valueCount = try reader.required(valueCount, "DataPageHeader.num_values")
        self.encoding = try reader.required(encoding, "DataPageHeader.encoding")
    }

    func write(to writer: inout CompactWriter) {
        writer.field(1, valueCount)
        writer.field(2, encoding)
        writer.field(3, definitionLevelEncoding)
        writer.field(4, repetitionLevelEncoding)
    }
}

/// `DictionaryPageHeader`.
struct DictionaryPageHeader: ThriftStruct {
    /// 1: entries.
    var valueCount: Int32
    /// 2
    var encoding: Encoding

    init(valueCount: Int32, encoding: Encoding) {
        self.valueCount = valueCount
        self.encoding = encoding
    }

    init(from reader: inout CompactReader) throws(ParquetError) {
        var valueCount: Int32?
        var encoding: Encoding?
        try reader.beginStruct()
        while let field = try reader.nextField() {
            switch field.id {
            case 1: valueCount = try reader.i32(field)
            case 2: encoding = try reader.enumeration(field)
            default: try reader.skip(field)
            }
        }
        self.valueCount = try reader.required(valueCount, "DictionaryPageHeader.num_values")
        self.encoding = try reader.required(encoding, "DictionaryPageHeader.encoding")
    }

    func write(to writer: inout CompactWriter) {
        writer.field(1, valueCount)
        writer.field(2, encoding)
    }
}
