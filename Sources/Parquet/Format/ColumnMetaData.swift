/// `ColumnMetaData` of a column chunk.
struct ColumnMetaData: ThriftStruct {
    /// 1
    var type: PhysicalType
    /// 2: those of the levels included.
    var encodings: [Encoding]
    /// 3: names from the root's child down.
    var pathInSchema: [String]
    /// 4
    var codec: CompressionCodec
    /// 5: nulls included.
    var valueCount: Int64
    /// 6: bytes, page headers included.
    var totalUncompressedSize: Int64
    /// 7: bytes, page headers included.
    var totalCompressedSize: Int64
    /// 9: where the first data page starts in the file.
    var dataPageOffset: Int64
    /// 11: where the dictionary page starts in the file.
    var dictionaryPageOffset: Int64?
    /// 12
    var statistics: Statistics?
    /// 13
    var encodingStats: [PageEncodingStats]?

    init(type: PhysicalType, pathInSchema: [String], codec: CompressionCodec, valueCount: Int64) {
        self.type = type
        encodings = []
        self.pathInSchema = pathInSchema
        self.codec = codec
        self.valueCount = valueCount
        totalUncompressedSize = 0
        totalCompressedSize = 0
        dataPageOffset = 0
    }

    init(from reader: inout CompactReader) throws(ParquetError) {
        var type: PhysicalType?
        var codec: CompressionCodec?
        var numbers: [Int16: Int64] = [:]
        encodings = []
        pathInSchema = []
        try reader.beginStruct()
        while let field = try reader.nextField() {
            switch field.id {
            case 1: type = try reader.enumeration(field)
            case 2: encodings = try reader.enumerations(field)
            case 3: pathInSchema = try reader.strings(field)
            case 4: codec = try reader.enumeration(field)
            case 5, 6, 7, 9: numbers[field.id] = try reader.i64(field)
            case 11: dictionaryPageOffset = try reader.i64(field)
            case 12: statistics = try reader.structure(field)
            case 13: encodingStats = try reader.list(field)
            default: try reader.skip(field)
            }
        }
        self.type = try reader.required(type, "ColumnMetaData.type")
        self.codec = try reader.required(codec, "ColumnMetaData.codec")
        valueCount = try reader.required(numbers[5], "ColumnMetaData.num_values")
        totalUncompressedSize = try reader.required(numbers[6], "ColumnMetaData.total_uncompressed_size")
        totalCompressedSize = try reader.required(numbers[7], "ColumnMetaData.total_compressed_size")
        dataPageOffset = try reader.required(numbers[9], "ColumnMetaData.data_page_offset")
    }

    func write(to writer: inout CompactWriter) {
        writer.field(1, type)
        writer.list(2, encodings)
        writer.list(3, pathInSchema)
        writer.field(4, codec)
        writer.field(5, valueCount)
        writer.field(6, totalUncompressedSize)
        writer.field(7, totalCompressedSize)
        writer.field(9, dataPageOffset)
        writer.field(11, dictionaryPageOffset)
        writer.field(12, statistics)
        writer.list(13, encodingStats)
    }
}

/// `PageEncodingStats`: how many pages of a chunk have one type and encoding.
struct PageEncodingStats: ThriftStruct {
    /// 1
    var pageType: PageType
    /// 2
    var encoding: Encoding
    /// 3
    var count: Int32

    init(pageType: PageType, encoding: Encoding, count: Int32) {
        self.pageType = pageType
        self.encoding = encoding
        self.count = count
    }

    init(from reader: inout CompactReader) throws(ParquetError) {
        var pageType: PageType?
        var encoding: Encoding?
        var count: Int32?
        try reader.beginStruct()
        while let field = try reader.nextField() {
            switch field.id {
            case 1: pageType = try reader.enumeration(field)
            case 2: encoding = try reader.enumeration(field)
            case 3: count = try reader.i32(field)
            default: try reader.skip(field)
            }
        }
        self.pageType = try reader.required(pageType, "PageEncodingStats.page_type")
        self.encoding = try reader.required(encoding, "PageEncodingStats.encoding")
        self.count = try reader.required(count, "PageEncodingStats.count")
    }

    func write(to writer: inout CompactWriter) {
        writer.field(1, pageType)
        writer.field(2, encoding)
        writer.field(3, count)
    }
}
