internal import LambdaRuntime

/// What a source says of a record beside its payload.
protocol RecordOrigin {
    /// What a column with this source is filled with; nil for null, and for a member, which only the payload has.
    func value(of source: ColumnSource) -> OriginValue?
}

/// One thing that a source says of a record.
enum OriginValue {
    /// Some bytes: a header.
    case bytes([UInt8])
    /// Some bytes that stand in base64 in the event: a key.
    case base64(Base64View)
    /// Text as it stands in the event: a topic, a shard's name, a shard sequence number.
    case text(ByteView)
    /// A whole number: a partition, an offset.
    case number(Int64)
    /// A time in milliseconds since the epoch.
    case timestamp(ms: Int64)
}

/// A record of which nothing is known but its payload.
struct NoOrigin: RecordOrigin {
    func value(of source: ColumnSource) -> OriginValue? { nil }
}
