/// A batch of records of one shard, as Lambda's event source mapping for Kinesis sends it.
public struct KinesisEvent: LambdaEvent, Sendable {
    /// The records, in the shard's order.
    public let records: [KinesisRecord]
    /// The tumbling window, if the mapping has one.
    public let window: TumblingWindow?

    /// Decodes a batch.
    ///
    /// An event without records is an error, unless it closes a tumbling window: a mapping sends no empty batch.
    /// - Throws: ``EventError`` with the field that is wrong.
    public init(_ buffer: EventBuffer) throws(EventError) {
        var parser = KinesisEventParser(buffer)
        try parser.parse()
        records = parser.records
        window = parser.window
    }
}
