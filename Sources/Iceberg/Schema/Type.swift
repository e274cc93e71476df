/// A type of the Iceberg spec ("Schemas and Data Types"), format version 2.
public indirect enum Type: Hashable, Sendable {
    case boolean, int, long, float, double
    case decimal(precision: Int, scale: Int)
    case date, time, timestamp, timestamptz
    case string, uuid
    case fixed(length: Int)
    case binary
    case `struct`([NestedField])
    case list(elementID: Int, element: Type, elementRequired: Bool)
    case map(keyID: Int, key: Type, valueID: Int, value: Type, valueRequired: Bool)
}

/// A column, or a field of a struct.
public struct NestedField: Hashable, Sendable {
    /// Unique in the table, for ever.
    public var id: Int
    /// The name, unique in its struct.
    public var name: String
    /// The type.
    public var type: Type
    /// True if no value may be null.
    public var isRequired: Bool
    /// A comment for people.
    public var doc: String?

    /// A field.
    public init(id: Int, name: String, type: Type, isRequired: Bool = false, doc: String? = nil) {
        self.id = id
        self.name = name
        self.type = type
        self.isRequired = isRequired
        self.doc = doc
    }
}

/// A table's columns at one time.
public struct Schema: Hashable, Sendable {
    /// Number of this schema in its table.
    public var schemaID: Int
    /// The columns in order.
    public var fields: [NestedField]
    /// Columns that together identify a row; not enforced.
    public var identifierFieldIDs: [Int]

    /// A schema.
    public init(schemaID: Int, fields: [NestedField], identifierFieldIDs: [Int] = []) {
        self.schemaID = schemaID
        self.fields = fields
        self.identifierFieldIDs = identifierFieldIDs
    }

    /// The column of this name.
    public func field(named name: String) -> NestedField? { fields.first { $0.name == name } }
    /// The top-level column of this id.
    public func field(id: Int) -> NestedField? { fields.first { $0.id == id } }
}
