/// What an event source mapping with a tumbling window adds to a Kinesis batch.
public struct TumblingWindow: Sendable {
    let buffer: EventBuffer
    var startRange = ByteRange.empty
    var endRange = ByteRange.empty
    var stateRange = ByteRange.empty
    var shardIDRange = ByteRange.empty
    var streamARNRange = ByteRange.empty
    /// Whether this is the window's last batch, whose state is not carried on.
    public var isFinalInvokeForWindow = false
    /// Whether the window ended early because its state grew over 1 MB.
    public var isWindowTerminatedEarly = false

    /// When the window began, as ISO 8601 text.
    public var start: ByteView { ByteView(buffer, startRange) }
    /// When the window ends, as ISO 8601 text.
    public var end: ByteView { ByteView(buffer, endRange) }
    /// What the last batch of this window answered as its `state`, as JSON text; empty if there is none.
    public var state: ByteView { ByteView(buffer, stateRange) }
    /// The shard of the window.
    public var shardID: ByteView { ByteView(buffer, shardIDRange) }
    /// The ARN of the stream; empty if the event gives it only with its records.
    public var streamARN: ByteView { ByteView(buffer, streamARNRange) }
}
