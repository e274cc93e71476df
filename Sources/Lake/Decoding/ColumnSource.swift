/// What of a record a column is filled from.
public enum ColumnSource: Hashable, Sendable {
    /// The member of this name of the record's JSON object.
    case member(String)
    /// The record's key: a Kafka record's, or a Kinesis record's partition key.
    case key
    /// The last header of this name of a Kafka record.
    case header(String)
    /// The topic, or the stream's name.
    case topic
    /// The number of a topic's partition, or the shard's id.
    case partition
    /// The offset within the partition, or the shard sequence number.
    case offset
    /// When the source took the record.
    case timestamp
}

extension ColumnSource: CustomStringConvertible {
    /// As lake.json spells it.
    public var description: String {
        switch self {
        case .member(let name): name
        case .key: "@key"
        case .header(let name): "@header:\(name)"
        case .topic: "@topic"
        case .partition: "@partition"
        case .offset: "@offset"
        case .timestamp: "@timestamp"
        }
    }
}
