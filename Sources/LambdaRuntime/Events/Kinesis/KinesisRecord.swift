/// One record of a Kinesis batch: ranges of the event's buffer, and text only when asked for.
public struct KinesisRecord: Sendable {
    let buffer: EventBuffer
    var sequenceNumberRange = ByteRange.empty
    var partitionKeyRange = ByteRange.empty
    var dataRange = ByteRange.empty
    var eventIDRange = ByteRange.empty
    var shardIDRange = ByteRange.empty
    var streamARNRange = ByteRange.empty
    /// When the stream took the record, in milliseconds since the epoch, UTC.
    public var approximateArrivalTimestampMs: Int64 = 0

    /// The shard sequence number: decimal digits, more than 128 bits' worth. Order is by length, then by bytes.
    public var sequenceNumber: ByteView { ByteView(buffer, sequenceNumberRange) }
    /// The partition key that the producer chose.
    public var partitionKey: ByteView { ByteView(buffer, partitionKeyRange) }
    /// The payload, in base64 as it stands in the event.
    public var data: Base64View { Base64View(buffer, dataRange) }
    /// Shard and sequence number, joined by a colon.
    public var eventID: ByteView { ByteView(buffer, eventIDRange) }
    /// The shard, such as `shardId-000000000006`.
    public var shardID: ByteView { ByteView(buffer, shardIDRange) }
    /// The ARN of the stream.
    public var streamARN: ByteView { ByteView(buffer, streamARNRange) }
}

extension KinesisRecord {
    /// Whether both records are of one shard of one stream. It makes no view, which would count references.
    public func isOfSameShard(as other: KinesisRecord) -> Bool {
        ByteView.areEqual(buffer, shardIDRange, other.buffer, other.shardIDRange)
            && ByteView.areEqual(buffer, streamARNRange, other.buffer, other.streamARNRange)
    }

    /// Whether this record's shard sequence number is smaller than another's.
    public func precedes(_ other: KinesisRecord) -> Bool {
        ByteView.decimal(
            UnsafeRawBufferPointer(rebasing: buffer.all[sequenceNumberRange.start..<sequenceNumberRange.end]),
            precedes: UnsafeRawBufferPointer(
                rebasing: other.buffer.all[other.sequenceNumberRange.start..<other.sequenceNumberRange.end]))
    }
}
