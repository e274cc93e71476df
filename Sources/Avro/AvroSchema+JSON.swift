internal import JSON

extension AvroSchema {
    /// Parses a schema's JSON text.
    public init(parsing text: [UInt8]) throws(AvroError) {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: text)
        } catch {
            throw AvroError(.malformed, "the schema is not valid JSON: \(error.reason)", at: error.offset)
        }
        var parser = AvroSchemaParser()
        self = try parser.type(value, namespace: nil, depth: 0)
    }
}

/// Turns a schema's JSON into types, and remembers the named ones.
private struct AvroSchemaParser {
    private var named: [String: AvroSchema] = [:]
    /// Fields that each named type counts when written out in full: a bound on the work that one record may ask for.
    private var weights: [String: Int] = [:]
    private var weight = 0

    private static let maximumWeight = 100_000

    mutating func type(_ value: JSONValue, namespace: String?, depth: Int) throws(AvroError) -> AvroSchema {
        guard depth < AvroSchema.maximumDepth else {
            throw AvroError(.unsupported, "the schema nests deeper than \(AvroSchema.maximumDepth) types")
        }
        try count(1)
        switch value {
        case .string(let name): return try reference(name, namespace: namespace)
        case .array(let branches):
            var types: [AvroSchema] = []
            for branch in branches { types.append(try type(branch, namespace: namespace, depth: depth + 1)) }
            return .union(types)
        case .object: return try logical(value, try complex(value, namespace: namespace, depth: depth))
        default: throw AvroError(.malformed, "a type is \(value.kindName)")
        }
    }

    private func primitive(_ name: String) -> AvroSchema? {
        switch name {
        case "null": .null
        case "boolean": .boolean
        case "int": .int
        case "long": .long
        case "float": .float
        case "double": .double
        case "bytes": .bytes
        case "string": .string
        default: nil
        }
    }

    private mutating func reference(_ name: String, namespace: String?) throws(AvroError) -> AvroSchema {
        if let type = primitive(name) { return type }
        let full = qualified(name, namespace)
        guard let key = named[full] != nil ? full : named[name] != nil ? name : nil, let type = named[key] else {
            throw AvroError(.unsupported, "the schema names a type that is not defined before, or that holds itself")
        }
        try count(weights[key] ?? 0)
        return type
    }

    private mutating func complex(_ value: JSONValue, namespace: String?, depth: Int) throws(AvroError) -> AvroSchema {
        guard let kind = value["type"] else { throw AvroError(.malformed, "a type without the member type") }
        guard let name = kind.string else { return try type(kind, namespace: namespace, depth: depth + 1) }
        switch name {
        case "record", "error": return try record(value, namespace: namespace, depth: depth)
        case "array":
            guard let items = value["items"] else { throw AvroError(.malformed, "an array without items") }
            let element = try type(items, namespace: namespace, depth: depth + 1)
            return .array(element, elementID: value["element-id"]?.integer.map(Int.init(clamping:)))
        case "map":
            guard let values = value["values"] else { throw AvroError(.malformed, "a map without values") }
            return .map(try type(values, namespace: namespace, depth: depth + 1))
        case "fixed":
            guard let size = value["size"]?.integer, size >= 0, size <= Int32.max else {
                throw AvroError(.malformed, "a fixed type without a valid size")
            }
            return try define(value, namespace, weight: 1, as: .fixed(size: Int(size)))
        case "enum":
            guard let symbols = value["symbols"]?.elements?.compactMap(\.string), !symbols.isEmpty else {
                throw AvroError(.malformed, "an enum without symbols")
            }
            return try define(value, namespace, weight: 1, as: .enumeration(symbols))
        default: return try reference(name, namespace: namespace)
        }
    }

    private mutating func record(_ value: JSONValue, namespace: String?, depth: Int) throws(AvroError) -> AvroSchema {
        guard let members = value["fields"]?.elements else { throw AvroError(.malformed, "a record without fields") }
        let outerWeight = weight
        var inner = value["namespace"]?.string ?? namespace
        if let name = value["name"]?.string, let dot = name.lastIndex(of: ".") { inner = String(name[..<dot]) }
        var fields: [AvroField] = []
        fields.reserveCapacity(members.count)
        for member in members {
            guard let name = member["name"]?.string, let declared = member["type"] else {
                throw AvroError(.malformed, "a field of a record without name or type")
            }
            let type = try type(declared, namespace: inner, depth: depth + 1)
            fields.append(AvroField(name: name, id: member["field-id"]?.integer.map(Int.init(clamping:)), type: type))
        }
        let record = AvroRecord(name: value["name"]?.string ?? "", fields: fields)
        return try define(value, namespace, weight: weight - outerWeight + 1, as: .record(record))
    }

    private mutating func define(
        _ value: JSONValue, _ namespace: String?, weight: Int, as type: AvroSchema
    ) throws(AvroError) -> AvroSchema {
        guard let name = value["name"]?.string else { return type }
        let full = qualified(name, value["namespace"]?.string ?? namespace)
        // The same fixed type is often defined again instead of named; another meaning for one name is kept apart by
        // the place where it stands.
        named[full] = type
        weights[full] = weight
        return type
    }

    private func qualified(_ name: String, _ namespace: String?) -> String {
        guard let namespace, !namespace.isEmpty, !name.contains(".") else { return name }
        return namespace + "." + name
    }

    private mutating func count(_ added: Int) throws(AvroError) {
        weight += added
        guard weight <= Self.maximumWeight else { throw AvroError(.unsupported, "the schema has too many fields") }
    }

    /// A logical type on a physical type that does not suit it is ignored, as the specification asks.
    private func logical(_ value: JSONValue, _ type: AvroSchema) throws(AvroError) -> AvroSchema {
        switch (value["logicalType"]?.string, type) {
        case ("date", .int): return .logical(.date, type)
        case ("time-micros", .long): return .logical(.timeMicros, type)
        case ("timestamp-micros", .long):
            return .logical(.timestampMicros(adjustToUTC: value["adjust-to-utc"]?.bool ?? false), type)
        case ("local-timestamp-micros", .long): return .logical(.timestampMicros(adjustToUTC: false), type)
        case ("uuid", .string), ("uuid", .fixed(size: 16)): return .logical(.uuid, type)
        case ("map", .array): return .logical(.map, type)
        case ("decimal", .bytes), ("decimal", .fixed):
            guard let precision = value["precision"]?.integer, (1...38).contains(precision) else {
                throw AvroError(.unsupported, "a decimal whose precision is not from 1 to 38")
            }
            let scale = value["scale"]?.integer ?? 0
            guard (0...38).contains(scale) else { throw AvroError(.unsupported, "a decimal with an unusual scale") }
            return .logical(.decimal(precision: Int(precision), scale: Int(scale)), type)
        default: return type
        }
    }
}
