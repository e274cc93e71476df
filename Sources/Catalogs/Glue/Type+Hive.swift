internal import Iceberg

extension Type {
    /// The type's name in Hive's notation, which Glue's columns use. Hive has fewer types: what it lacks is shown as the
    /// nearest one.
    var hiveName: String {
        switch self {
        case .boolean: "boolean"
        case .int: "int"
        case .long: "bigint"
        case .float: "float"
        case .double: "double"
        case .decimal(let precision, let scale): "decimal(\(precision),\(scale))"
        case .date: "date"
        case .timestamp, .timestamptz: "timestamp"
        case .string, .time, .uuid: "string"
        case .binary, .fixed: "binary"
        case .struct(let fields):
            "struct<" + fields.map { "\($0.name):\($0.type.hiveName)" }.joined(separator: ",") + ">"
        case .list(_, let element, _): "array<\(element.hiveName)>"
        case .map(_, let key, _, let value, _): "map<\(key.hiveName),\(value.hiveName)>"
        }
    }
}
