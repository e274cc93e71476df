/// `FileMetaData`, the footer.
struct FileMetaData: ThriftStruct {
    /// 1: of the format; 1, because nothing that only version 2 has is written.
    var version: Int32 = 1
    /// 2: the root, then the columns.
    var schema: [SchemaElement]
    /// 3
    var rowCount: Int64
    /// 4
    var rowGroups: [RowGroup]
    /// 5
    var keyValueMetadata: [KeyValue]?
    /// 6
    var createdBy: String?
    /// 7: without it readers must not trust minima and maxima.
    var columnOrders: [ColumnOrder]?

    init(schema: [SchemaElement], rowCount: Int64, rowGroups: [RowGroup]) {
        self.schema = schema
        self.rowCount = rowCount
        self.rowGroups = rowGroups
    }

    init(from reader: inout CompactReader) throws(ParquetError) {
        var version: Int32?
        var schema: [SchemaElement]?
        var rowCount: Int64?
        var rowGroups: [RowGroup]?
        try reader.beginStruct()
        while let field = try reader.nextField() {
            switch field.id {
            case 1: version = try reader.i32(field)
            case 2: schema = try reader.list(field)
            case 3: rowCount = try reader.i64(field)
            case 4: rowGroups = try reader.list(field)
            case 5: keyValueMetadata = try reader.list(field)
            case 6: createdBy = try reader.string(field)
            case 7: columnOrders = try reader.list(field)
            default: try reader.skip(field)
            }
        }
        self.version = try reader.required(version, "FileMetaData.version")
        self.schema = try reader.required(schema, "FileMetaData.schema")
        self.rowCount = try reader.required(rowCount, "FileMetaData.num_rows")
        self.rowGroups = try reader.required(rowGroups, "FileMetaData.row_groups")
    }

    func write(to writer: inout CompactWriter) {
        writer.field(1, version)
        writer.list(2, schema)
        writer.field(3, rowCount)
        writer.list(4, rowGroups)
        writer.list(5, keyValueMetadata)
        writer.field(6, createdBy)
        writer.list(7, columnOrders)
    }
}

/// `KeyValue`.
struct KeyValue: ThriftStruct {
    /// 1
    var key: String
    /// 2
    var value: String?

    init(key: String, value: String) {
        self.key = key
        self.value = value
    }

    init(from reader: inout CompactReader) throws(ParquetError) {
        var key: String?
        try reader.beginStruct()
        while let field = try reader.nextField() {
            switch field.id {
            case 1: key = try reader.string(field)
            case 2: value = try reader.string(field)
            default: try reader.skip(field)
            }
        }
        self.key = try reader.required(key, "KeyValue.key")
    }

    func write(to writer: inout CompactWriter) {
        writer.field(1, key)
        writer.field(2, value)
    }
}

/// `ColumnOrder`, a union: how a column's minima and maxima compare.
struct ColumnOrder: ThriftStruct {
    /// 1: in the order that the column's type defines.
    var isTypeDefined: Bool

    /// The order that the column's type defines.
    static let typeDefined = ColumnOrder(isTypeDefined: true)

    init(isTypeDefined: Bool) { self.isTypeDefined = isTypeDefined }

    init(from reader: inout CompactReader) throws(ParquetError) {
        isTypeDefined = false
        try reader.beginStruct()
        while let field = try reader.nextField() {
            isTypeDefined = field.id == 1
            try reader.skip(field)
        }
    }

    func write(to writer: inout CompactWriter) {
        if isTypeDefined { writer.emptyField(1) }
    }
}
