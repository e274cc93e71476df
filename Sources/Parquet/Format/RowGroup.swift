/// `RowGroup`.
struct RowGroup: ThriftStruct {
    /// 1
    var columns: [ColumnChunk]
    /// 2: bytes of all columns, before compression.
    var totalByteSize: Int64
    /// 3
    var rowCount: Int64
    /// 4
    var sortingColumns: [SortingColumn]?
    /// 5: where the first page starts in the file.
    var fileOffset: Int64?
    /// 6: bytes of all columns.
    var totalCompressedSize: Int64?
    /// 7: place in the file, where it fits 15 bits.
    var ordinal: Int16?

    init(columns: [ColumnChunk], totalByteSize: Int64, rowCount: Int64) {
        self.columns = columns
        self.totalByteSize = totalByteSize
        self.rowCount = rowCount
    }

    init(from reader: inout CompactReader) throws(ParquetError) {
        var columns: [ColumnChunk]?
        var totalByteSize: Int64?
        var rowCount: Int64?
        try reader.beginStruct()
        while let field = try reader.nextField() {
            switch field.id {
            case 1: columns = try reader.list(field)
            case 2: totalByteSize = try reader.i64(field)
            case 3: rowCount = try reader.i64(field)
            case 4: sortingColumns = try reader.list(field)
            case 5: fileOffset = try reader.i64(field)
            case 6: totalCompressedSize = try reader.i64(field)
            case 7: ordinal = try reader.i16(field)
            default: try reader.skip(field)
            }
        }
        self.columns = try reader.required(columns, "RowGroup.columns")
        self.totalByteSize = try reader.required(totalByteSize, "RowGroup.total_byte_size")
        self.rowCount = try reader.required(rowCount, "RowGroup.num_rows")
    }

    func write(to writer: inout CompactWriter) {
        writer.list(1, columns)
        writer.field(2, totalByteSize)
        writer.field(3, rowCount)
        writer.list(4, sortingColumns)
        writer.field(5, fileOffset)
        writer.field(6, totalCompressedSize)
        writer.field(7, ordinal)
    }
}

/// `ColumnChunk`.
struct ColumnChunk: ThriftStruct {
    /// 2: deprecated, and 0 as the format asks of writers.
    var fileOffset: Int64 = 0
    /// 3
    var metaData: ColumnMetaData?
    /// 4
    var offsetIndexOffset: Int64?
    /// 5
    var offsetIndexLength: Int32?
    /// 6
    var columnIndexOffset: Int64?
    /// 7
    var columnIndexLength: Int32?

    init(metaData: ColumnMetaData) { self.metaData = metaData }

    init(from reader: inout CompactReader) throws(ParquetError) {
        try reader.beginStruct()
        while let field = try reader.nextField() {
            switch field.id {
            case 2: fileOffset = try reader.i64(field)
            case 3: metaData = try reader.structure(field)
            case 4: offsetIndexOffset = try reader.i64(field)
            case 5: offsetIndexLength = try reader.i32(field)
            case 6: columnIndexOffset = try reader.i64(field)
            case 7: columnIndexLength = try reader.i32(field)
            default: try reader.skip(field)
            }
        }
    }

    func write(to writer: inout CompactWriter) {
        writer.field(2, fileOffset)
        writer.field(3, metaData)
        writer.field(4, offsetIndexOffset)
        writer.field(5, offsetIndexLength)
        writer.field(6, columnIndexOffset)
        writer.field(7, columnIndexLength)
    }
}
