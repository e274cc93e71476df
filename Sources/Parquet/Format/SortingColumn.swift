/// `SortingColumn`: one column that the rows of every row group are sorted by.
public struct SortingColumn: Equatable, Sendable {
    /// 1: place among the leaf columns.
    public var columnIndex: Int32
    /// 2
    public var isDescending: Bool
    /// 3
    public var nullsFirst: Bool

    /// A column to sort by; the writer records the order and does not sort.
    public init(columnIndex: Int32, isDescending: Bool = false, nullsFirst: Bool = false) {
        self.columnIndex = columnIndex
        self.isDescending = isDescending
        self.nullsFirst = nullsFirst
    }
}

extension SortingColumn: ThriftStruct {
    init(from reader: inout CompactReader) throws(ParquetError) {
        var columnIndex: Int32?
        var isDescending: Bool?
        var nullsFirst: Bool?
        try reader.beginStruct()
        while let field = try reader.nextField() {
            switch field.id {
            case 1: columnIndex = try reader.i32(field)
            case 2: isDescending = try reader.bool(field)
            case 3: nullsFirst = try reader.bool(field)
            default: try reader.skip(field)
            }
        }
        self.columnIndex = try reader.required(columnIndex, "SortingColumn.column_idx")
        self.isDescending = try reader.required(isDescending, "SortingColumn.descending")
        self.nullsFirst = try reader.required(nullsFirst, "SortingColumn.nulls_first")
    }

    func write(to writer: inout CompactWriter) {
        writer.field(1, columnIndex)
        writer.field(2, isDescending)
        writer.field(3, nullsFirst)
    }
}
