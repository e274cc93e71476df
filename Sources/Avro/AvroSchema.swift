/// A type as an Avro file's writer declared it. Named types are resolved; a type that holds itself is refused.
public indirect enum AvroSchema: Hashable, Sendable {
    case null, boolean, int, long, float, double, bytes, string
    /// A number of bytes.
    case fixed(size: Int)
    /// One of these symbols, by its place among them.
    case enumeration([String])
    /// Many of one type; the id is Iceberg's `element-id`.
    case array(AvroSchema, elementID: Int?)
    /// Many of one type by string keys.
    case map(AvroSchema)
    /// One of these types.
    case union([AvroSchema])
    /// Fields in order.
    case record(AvroRecord)
    /// A type with a meaning of its own.
    case logical(AvroLogicalType, AvroSchema)

    /// Types may nest this deep.
    public static let maximumDepth = 64

    /// The type that says how the bytes lie, without its logical type.
    public var physical: AvroSchema { if case .logical(_, let type) = self { type } else { self } }

    /// What a union with null holds otherwise, or the type itself.
    public var unwrapped: AvroSchema {
        guard case .union(let branches) = self else { return self }
        return branches.first { $0 != .null } ?? .null
    }
}

/// The meaning of a physical type.
public enum AvroLogicalType: Hashable, Sendable {
    /// Days since 1970-01-01.
    case date
    /// Microseconds since midnight.
    case timeMicros
    /// Microseconds since 1970-01-01T00:00:00; the flag is Iceberg's `adjust-to-utc`.
    case timestampMicros(adjustToUTC: Bool)
    /// 16 bytes, or text.
    case uuid
    /// The unscaled value, two's complement, big-endian.
    case decimal(precision: Int, scale: Int)
    /// An array of records of key and value: a map whose keys are not strings.
    case map
}

/// A record type.
public struct AvroRecord: Hashable, Sendable {
    /// Its name.
    public let name: String
    /// Its fields, in the order of their bytes.
    public let fields: [AvroField]

    /// A record type.
    public init(name: String, fields: [AvroField]) {
        self.name = name
        self.fields = fields
    }
}

/// A field of a record type.
public struct AvroField: Hashable, Sendable {
    /// Its name.
    public let name: String
    /// Iceberg's `field-id`, by which fields are found; nil if the writer gave none.
    public let id: Int?
    /// Its type.
    public let type: AvroSchema

    /// A field.
    public init(name: String, id: Int?, type: AvroSchema) {
        self.name = name
        self.id = id
        self.type = type
    }
}
