/// What a reply's `itemIdentifier` names a record by.
public enum ItemIdentifier: Hashable, Sendable {
    /// The shard sequence number of a record of Kinesis.
    case sequenceNumber(String)
    /// Topic and partition, `coinbase-trades-0`, and the offset of a record of Kafka.
    case offset(partition: String, Int64)
}
