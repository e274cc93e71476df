/// A whole file in memory, and what a table's manifest says of it.
public struct WrittenFile: Sendable {
    /// The file.
    public let bytes: [UInt8]
    /// Rows.
    public let rowCount: Int64
    /// Where each row group starts, in bytes from the file's start.
    public let splitOffsets: [Int64]
    /// One a field, in the fields' order.
    public let columns: [ColumnMetrics]
}

/// One column's counts and bounds over the whole file.
public struct ColumnMetrics: Equatable, Sendable {
    /// The Iceberg field id.
    public let fieldID: Int32
    /// Bytes of the column's pages, headers included.
    public let compressedSize: Int64
    /// Values, nulls and NaNs included.
    public let valueCount: Int64
    /// Nulls.
    public let nullCount: Int64
    /// NaNs of a float or double column; nil for other types.
    public let nanCount: Int64?
    /// The exact minimum, nulls and NaNs left aside, with −0.0 below +0.0: fixed-width values little-endian, strings
    /// and binaries raw and whole. Nil if there is no such value.
    public let lowerBound: [UInt8]?
    /// The exact maximum, likewise.
    public let upperBound: [UInt8]?
}
