/// One value of a primitive type: a partition value, a bound, or the argument of a transform.
public enum Datum: Hashable, Sendable {
    case boolean(Bool)
    case int(Int32)
    case long(Int64)
    case float(Float)
    case double(Double)
    /// Days since 1970-01-01.
    case date(Int32)
    /// Microseconds since midnight.
    case time(Int64)
    /// Microseconds since 1970-01-01T00:00:00, without a zone.
    case timestamp(Int64)
    /// Microseconds since 1970-01-01T00:00:00Z.
    case timestamptz(Int64)
    case string(String)
    /// 16 bytes.
    case uuid([UInt8])
    case fixed([UInt8])
    case binary([UInt8])
    /// The unscaled value, two's complement, big-endian, minimal.
    case decimal(unscaled: [UInt8], precision: Int, scale: Int)
}
