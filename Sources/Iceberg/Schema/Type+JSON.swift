internal import JSON

extension Type {
    /// A primitive type's name in JSON, such as `decimal(9,2)`; nil for struct, list and map.
    public var name: String? {
        switch self {
        case .boolean: "boolean"
        case .int: "int"
        case .long: "long"
        case .float: "float"
        case .double: "double"
        case .decimal(let precision, let scale): "decimal(\(precision),\(scale))"
        case .date: "date"
        case .time: "time"
        case .timestamp: "timestamp"
        case .timestamptz: "timestamptz"
        case .string: "string"
        case .uuid: "uuid"
        case .fixed(let length): "fixed[\(length)]"
        case .binary: "binary"
        case .struct, .list, .map: nil
        }
    }

    /// Whether the type is none of struct, list and map.
    public var isPrimitive: Bool { name != nil }

    /// A primitive type by its name in JSON.
    /// - Throws: ``IcebergError/Code/unsupported`` for the types of format version 3, ``IcebergError/Code/malformed``
    ///   for what is no type.
    public init(named name: String) throws(IcebergError) {
        switch name {
        case "boolean": self = .boolean
        case "int": self = .int
        case "long": self = .long
        case "float": self = .float
        case "double": self = .double
        case "date": self = .date
        case "time": self = .time
        case "timestamp": self = .timestamp
        case "timestamptz": self = .timestamptz
        case "string": self = .string
        case "uuid": self = .uuid
        case "binary": self = .binary
        case "timestamp_ns", "timestamptz_ns", "variant", "unknown":
            throw IcebergError(.unsupported, "the type \(name) belongs to format version 3")
        default: self = try Self.parameterized(name)
        }
    }

    private static func parameterized(_ name: String) throws(IcebergError) -> Type {
        if name.hasPrefix("fixed["), name.hasSuffix("]"),
            let length = Int32(name.dropFirst(6).dropLast()), length >= 0
        {
            return .fixed(length: Int(length))
        }
        if name.hasPrefix("decimal("), name.hasSuffix(")") {
            let parts = name.dropFirst(8).dropLast().split(separator: ",").map { $0.filter { $0 != " " } }
            if parts.count == 2, let precision = Int(parts[0]), let scale = Int(parts[1]),
                (1...38).contains(precision), (0...precision).contains(scale)
            {
                return .decimal(precision: precision, scale: scale)
            }
        }
        if name.hasPrefix("geometry") || name.hasPrefix("geography") {
            throw IcebergError(.unsupported, "the types geometry and geography belong to format version 3")
        }
        throw IcebergError(.malformed, "an unknown type")
    }

    /// Reads a type: a name, or an object for struct, list and map.
    init(reading reader: inout JSONReader, depth: Int = 0) throws(IcebergError) {
        guard depth < 64 else { throw IcebergError(.malformed, "types nest deeper than 64 levels") }
        let kind = try reader.member("type") { reader throws(JSONError) in try reader.peek() }
        guard kind == .object else {
            self = try Type(named: try reader.text("type"))
            return
        }
        // The member "type" may stand anywhere, so what the others need is collected first.
        var name: String?
        var fields: [NestedField]?
        var ids: [String: Int] = [:]
        var required: [String: Bool] = [:]
        var types: [String: Type] = [:]
        try reader.beginObject("type")
        while let token = try reader.nextKey("type") {
            let key = try reader.keyText(token, in: "type")
            switch key {
            case "type": name = try reader.text("type")
            case "fields":
                fields = try reader.list("fields") { reader throws(IcebergError) in
                    try NestedField(reading: &reader, depth: depth + 1)
                }
            case "element-id", "key-id", "value-id": ids[key] = try reader.whole(key)
            case "element-required", "value-required": required[key] = try reader.truth(key)
            case "element", "key", "value": types[key] = try Type(reading: &reader, depth: depth + 1)
            default: try reader.skip(key)
            }
        }
        switch name {
        case "struct":
            guard let fields else { throw .missing("fields", in: "struct") }
            self = .struct(fields)
        case "list":
            guard let id = ids["element-id"], let element = types["element"] else {
                throw .missing("element or element-id", in: "list")
            }
            self = .list(elementID: id, element: element, elementRequired: required["element-required"] ?? false)
        case "map":
            guard let keyID = ids["key-id"], let key = types["key"], let valueID = ids["value-id"],
                let value = types["value"]
            else { throw .missing("key, key-id, value or value-id", in: "map") }
            self = .map(
                keyID: keyID, key: key, valueID: valueID, value: value,
                valueRequired: required["value-required"] ?? false)
        default: throw IcebergError(.malformed, "a nested type is neither struct, list nor map")
        }
    }

    /// Writes the type as a JSON value.
    func write(to writer: inout JSONWriter) {
        switch self {
        case .struct(let fields):
            writer.object { writer in
                writer.member("type", "struct")
                writer.member("fields") { writer in writer.array { for field in fields { field.write(to: &$0) } } }
            }
        case .list(let elementID, let element, let elementRequired):
            writer.object { writer in
                writer.member("type", "list")
                writer.member("element-id", elementID)
                writer.member("element") { element.write(to: &$0) }
                writer.member("element-required", elementRequired)
            }
        case .map(let keyID, let key, let valueID, let value, let valueRequired):
            writer.object { writer in
                writer.member("type", "map")
                writer.member("key-id", keyID)
                writer.member("key") { key.write(to: &$0) }
                writer.member("value-id", valueID)
                writer.member("value") { value.write(to: &$0) }
                writer.member("value-required", valueRequired)
            }
        default: writer.string(name ?? "")
        }
    }
}
