/// `Statistics` of a column chunk.
struct Statistics: ThriftStruct {
    /// 3
    var nullCount: Int64?
    /// 5: PLAIN without a length; nil if the chunk has no value that can be compared.
    var maxValue: [UInt8]?
    /// 6
    var minValue: [UInt8]?
    /// 7: false where the maximum is a truncated string, incremented.
    var isMaxValueExact: Bool?
    /// 8: false where the minimum is a truncated string.
    var isMinValueExact: Bool?

    init() {}

    init(from reader: inout CompactReader) throws(ParquetError) {
        try reader.beginStruct()
        while let field = try reader.nextField() {
            switch field.id {
            case 3: nullCount = try reader.i64(field)
            case 5: maxValue = try reader.binary(field)
            case 6: minValue = try reader.binary(field)
            case 7: isMaxValueExact = try reader.bool(field)
            case 8: isMinValueExact = try reader.bool(field)
            default: try reader.skip(field)
            }
        }
    }

    func write(to writer: inout CompactWriter) {
        writer.field(3, nullCount)
        writer.field(5, maxValue)
        writer.field(6, minValue)
        writer.field(7, isMaxValueExact)
        writer.field(8, isMinValueExact)
    }
}
