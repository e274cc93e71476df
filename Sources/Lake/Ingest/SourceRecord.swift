internal import Iceberg
internal import LambdaRuntime

/// One record of a source, as ingest sees it: views into the event, whatever kind of event that was.
protocol SourceRecord {
    /// The shard sequence number or offset, in decimal digits.
    var offset: ByteView { get }
    /// Whether this record's offset is smaller than another's.
    func precedes(_ other: Self) -> Bool
    /// When the source took the record, in milliseconds since the epoch.
    var timestampMs: Int64 { get }
    /// What the producer chose the shard by.
    var partitionKey: ByteView { get }
    /// The payload in base64.
    var payload: Base64View { get }
}

extension KinesisRecord: SourceRecord {
    var offset: ByteView { sequenceNumber }
    var timestampMs: Int64 { approximateArrivalTimestampMs }
    var payload: Base64View { data }
}

extension SourceRecord {
    /// The offset as commits store it: without leading zeros.
    var sourceOffset: SourceOffset {
        get throws(IcebergError) {
            let digits = offset.string
            let significant = digits.drop { $0 == "0" }
            return try SourceOffset(parsing: significant.isEmpty ? String(digits.suffix(1)) : String(significant))
        }
    }
}
