internal import Columnar

extension ColumnType {
    /// How the type's values lie in a page.
    var physicalType: PhysicalType {
        switch self {
        case .boolean: .boolean
        case .int, .date: .int32
        case .long, .timestamp, .timestamptz: .int64
        case .float: .float
        case .double: .double
        case .string, .binary: .byteArray
        }
    }

    /// What the type's values mean, for older readers. A timestamp without a zone has the same converted type as one
    /// with a zone: only the logical type tells them apart.
    var convertedType: ConvertedType? {
        switch self {
        case .string: .utf8
        case .date: .date
        case .timestamp, .timestamptz: .timestampMicros
        case .boolean, .int, .long, .float, .double, .binary: nil
        }
    }

    /// What the type's values mean.
    var logicalType: LogicalType? {
        switch self {
        case .string: .string
        case .date: .date
        case .timestamp: .timestamp(isAdjustedToUTC: false)
        case .timestamptz: .timestamp(isAdjustedToUTC: true)
        case .boolean, .int, .long, .float, .double, .binary: nil
        }
    }
}
