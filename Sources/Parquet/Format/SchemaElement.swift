internal import Columnar

/// `SchemaElement`: the root of the schema, or one column.
struct SchemaElement: ThriftStruct {
    /// 1: absent on the root.
    var type: PhysicalType?
    /// 3: absent on the root.
    var repetitionType: FieldRepetitionType?
    /// 4
    var name: String
    /// 5: on the root only.
    var childCount: Int32?
    /// 6
    var convertedType: ConvertedType?
    /// 9: the Iceberg field id.
    var fieldID: Int32?
    /// 10
    var logicalType: LogicalType?

    /// The root of a schema.
    init(rootOf columns: Int32) {
        name = "table"
        childCount = columns
    }

    /// A column.
    init(_ field: Columnar.Field) {
        type = field.type.physicalType
        repetitionType = field.isRequired ? .required : .optional
        name = field.name
        convertedType = field.type.convertedType
        fieldID = field.id
        logicalType = field.type.logicalType
    }

    init(from reader: inout CompactReader) throws(ParquetError) {
        var name: String?
        try reader.beginStruct()
        while let field = try reader.nextField() {
            switch field.id {
            case 1: type = try reader.enumeration(field)
            case 3: repetitionType = try reader.enumeration(field)
            case 4: name = try reader.string(field)
            case 5: childCount = try reader.i32(field)
            case 6: convertedType = try reader.enumeration(field)
            case 9: fieldID = try reader.i32(field)
            case 10:
                let union: LogicalTypeUnion = try reader.structure(field)
                logicalType = union.member
            default: try reader.skip(field)
            }
        }
        self.name = try reader.required(name, "SchemaElement.name")
    }

    func write(to writer: inout CompactWriter) {
        writer.field(1, type)
        writer.field(3, repetitionType)
        writer.field(4, name)
        writer.field(5, childCount)
        writer.field(6, convertedType)
        writer.field(9, fieldID)
        writer.field(10, logicalType.map { LogicalTypeUnion($0) })
    }
}
