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
}
