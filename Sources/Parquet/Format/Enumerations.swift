// The enumerations of parquet.thrift, as far as this library writes them.

/// `Type`: how values lie in a page.
enum PhysicalType: Int32, Sendable {
    case boolean = 0
    case int32 = 1
    case int64 = 2
    case float = 4
    case double = 5
    case byteArray = 6
}

/// `ConvertedType`: what values mean, for readers older than logical types.
enum ConvertedType: Int32, Sendable {
    case utf8 = 0
    case date = 6
    case timestampMicros = 10
}

/// `FieldRepetitionType`.
enum FieldRepetitionType: Int32, Sendable {
    case required = 0
    case optional = 1
    case repeated = 2
}

/// `Encoding`.
enum Encoding: Int32, Sendable {
    case plain = 0
    case rle = 3
    case rleDictionary = 8
}

/// `CompressionCodec`.
enum CompressionCodec: Int32, Sendable {
    case uncompressed = 0
    case snappy = 1
    case zstd = 6
}

/// `PageType`.
enum PageType: Int32, Sendable {
    case dataPage = 0
    case indexPage = 1
    case dictionaryPage = 2
    case dataPageV2 = 3
}

/// `BoundaryOrder`: how the minima and maxima of a chunk's pages go.
enum BoundaryOrder: Int32, Sendable {
    case unordered = 0
    case ascending = 1
    case descending = 2
}
