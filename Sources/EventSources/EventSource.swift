/// What an event source mapping reads: a Kinesis stream's shards, or a topic's partitions.
///
/// Several threads call it at once, though no two read the same shard.
public protocol EventSource: Sendable {
    /// The shards in their order: `shardId-000000000000`, or topic and partition, `coinbase-trades-0`.
    var shards: [String] { get }

    /// Records of a shard from an offset on, in the order of their offsets; none if there are none yet.
    ///
    /// Offsets may leave gaps, as Kafka's do. What comes first is at the offset or behind it.
    func read(_ shard: String, from offset: Int64, atMost count: Int) throws -> [StreamRecord]

    /// The first offset that the shard still has.
    func start(of shard: String) throws -> Int64

    /// The offset that the shard's next record will have.
    func end(of shard: String) throws -> Int64

    /// Returns when one of these shards has a record at its position or behind it, and at the latest after so many
    /// milliseconds.
    func wait(for positions: [String: Int64], atMostMs milliseconds: Int64) throws
}
