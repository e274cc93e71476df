internal import LambdaRuntime

/// A reading as the record that it will be in the stream: what kinesis-ingest reads, before it is one. What only Kinesis
/// knows of a record stands in for itself, so that columns that are filled from it are.
struct ReadingRecord: SourceRecord {
    static var offsetName: String { KinesisRecord.offsetName }
    static var shardedName: String { KinesisRecord.shardedName }
    static var shardRetentionMs: Int64? { nil }

    /// The device, which is the record's partition key.
    let device: ByteView
    /// Name of the stream.
    let stream: ByteView
    /// The time of the request, in milliseconds since the epoch.
    let timestampMs: Int64
    let payload: Base64View?

    var offsetDigits: ByteView { Self.someDigits }
    func precedes(_ other: ReadingRecord) -> Bool { false }
    var knownTimestampMs: Int64? { timestampMs }
    var keyText: String? { device.string }

    func value(of source: ColumnSource) -> OriginValue? {
        switch source {
        case .member, .header: nil
        case .key: .text(device)
        case .topic: .text(stream)
        case .partition: .text(Self.someShard)
        case .offset: .text(Self.someDigits)
        case .timestamp: .timestamp(ms: timestampMs)
        }
    }

    private static let someDigits = ByteView(
        copying: Array("49590338271490256608559692538361571095921575989136588898".utf8))
    private static let someShard = ByteView(copying: Array("shardId-000000000000".utf8))
}
