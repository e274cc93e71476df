internal import Iceberg

extension Type {
    /// The type as SQL dialects of lakes write it: `decimal(9,2)`, `list<int>`, `struct<a: int>`.
    var text: String {
        switch self {
        case .struct(let fields):
            "struct<" + fields.map { "\($0.name): \($0.type.text)" }.joined(separator: ", ") + ">"
        case .list(_, let element, _): "list<\(element.text)>"
        case .map(_, let key, _, let value, _): "map<\(key.text), \(value.text)>"
        default: name ?? "unknown"
        }
    }

    /// The type as DuckDB writes it.
    var duckDB: String {
        switch self {
        case .boolean: "BOOLEAN"
        case .int: "INTEGER"
        case .long: "BIGINT"
        case .float: "FLOAT"
        case .double: "DOUBLE"
        case .decimal(let precision, let scale): "DECIMAL(\(precision), \(scale))"
        case .date: "DATE"
        case .time: "TIME"
        case .timestamp: "TIMESTAMP"
        case .timestamptz: "TIMESTAMP WITH TIME ZONE"
        case .uuid: "UUID"
        case .fixed, .binary: "BLOB"
        case .struct(let fields):
            "STRUCT(" + fields.map { "\(ShellText.identifier($0.name)) \($0.type.duckDB)" }.joined(separator: ", ")
                + ")"
        case .list(_, let element, _): "\(element.duckDB)[]"
        case .map(_, let key, _, let value, _): "MAP(\(key.duckDB), \(value.duckDB))"
        default: "VARCHAR"
        }
    }
}
