/// `ColumnIndex`: the statistics of a chunk's data pages.
struct ColumnIndex: ThriftStruct {
    /// 1: one a page; true if it has nothing but nulls.
    var nullPages: [Bool] = []
    /// 2: one a page, empty where the page is null.
    var minValues: [[UInt8]] = []
    /// 3
    var maxValues: [[UInt8]] = []
    /// 4
    var boundaryOrder: BoundaryOrder = .unordered
    /// 5
    var nullCounts: [Int64]? = []

    init() {}

    init(from reader: inout CompactReader) throws(ParquetError) {
        nullCounts = nil
        try reader.beginStruct()
        while let field = try reader.nextField() {
            switch field.id {
            case 1: nullPages = try reader.booleans(field)
            case 2: minValues = try reader.binaries(field)
            case 3: maxValues = try reader.binaries(field)
            case 4: boundaryOrder = try reader.enumeration(field)
            case 5: nullCounts = try reader.integers(field)
            default: try reader.skip(field)
            }
        }
    }

    func write(to writer: inout CompactWriter) {
        writer.list(1, nullPages)
        writer.list(2, minValues)
        writer.list(3, maxValues)
        writer.field(4, boundaryOrder)
        writer.list(5, nullCounts)
    }
}

/// `OffsetIndex`: where a chunk's data pages lie.
struct OffsetIndex: ThriftStruct {
    /// 1
    var pageLocations: [PageLocation]

    init(pageLocations: [PageLocation]) { self.pageLocations = pageLocations }

    init(from reader: inout CompactReader) throws(ParquetError) {
        pageLocations = []
        try reader.beginStruct()
        while let field = try reader.nextField() {
            switch field.id {
            case 1: pageLocations = try reader.list(field)
            default: try reader.skip(field)
            }
        }
    }

    func write(to writer: inout CompactWriter) { writer.list(1, pageLocations) }
}

/// `PageLocation`.
struct PageLocation: ThriftStruct {
    /// 1: where the page's header starts in the file.
    var offset: Int64
    /// 2: bytes, header included.
    var compressedPageSize: Int32
    /// 3: the page's first row, counted from the row group's first.
    var firstRowIndex: Int64

    init(offset: Int64, compressedPageSize: Int32, firstRowIndex: Int64) {
        self.offset = offset
        self.compressedPageSize = compressedPageSize
        self.firstRowIndex = firstRowIndex
    }

    init(from reader: inout CompactReader) throws(ParquetError) {
        var offset: Int64?
        var compressedPageSize: Int32?
        var firstRowIndex: Int64?
        try reader.beginStruct()
        while let field = try reader.nextField() {
            switch field.id {
            case 1: offset = try reader.i64(field)
            case 2: compressedPageSize = try reader.i32(field)
            case 3: firstRowIndex = try reader.i64(field)
            default: try reader.skip(field)
            }
        }
        self.offset = try reader.required(offset, "PageLocation.offset")
        self.compressedPageSize = try reader.required(compressedPageSize, "PageLocation.compressed_page_size")
        self.firstRowIndex = try reader.required(firstRowIndex, "PageLocation.first_row_index")
    }

    func write(to writer: inout CompactWriter) {
        writer.field(1, offset)
        writer.field(2, compressedPageSize)
        writer.field(3, firstRowIndex)
    }
}
