/// What a column holds. The primitive types are those of Iceberg that a lake's tables use; list, map and struct will
/// be cases with their element types here, and child columns in ``Column``.
public enum ColumnType: String, Hashable, Sendable, CaseIterable {
    /// One bit a value.
    case boolean
    /// 32-bit signed.
    case int
    /// 64-bit signed.
    case long
    /// IEEE 754 binary32.
    case float
    /// IEEE 754 binary64.
    case double
    /// Days since 1970-01-01, 32-bit signed.
    case date
    /// Microseconds since 1970-01-01T00:00:00, without a zone, 64-bit signed.
    case timestamp
    /// Microseconds since 1970-01-01T00:00:00Z, 64-bit signed.
    case timestamptz
    /// UTF-8, valid.
    case string
    /// Bytes.
    case binary

    /// Width of a value in bytes; 0 for a boolean's bit, nil where the width varies.
    public var byteWidth: Int? {
        switch self {
        case .boolean: 0
        case .int, .float, .date: 4
        case .long, .double, .timestamp, .timestamptz: 8
        case .string, .binary: nil
        }
    }
}

/// A column's name and type, as the writers below need them.
public struct Field: Hashable, Sendable {
    /// The name, unique in its batch.
    public let name: String
    /// What the column holds.
    public let type: ColumnType
    /// True if no value may be null.
    public let isRequired: Bool
    /// The Iceberg field id, which data files carry.
    public let id: Int32

    /// A field.
    public init(name: String, type: ColumnType, isRequired: Bool = false, id: Int32) {
        self.name = name
        self.type = type
        self.isRequired = isRequired
        self.id = id
    }
}
