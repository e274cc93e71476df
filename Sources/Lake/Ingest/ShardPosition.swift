internal import Iceberg

/// A place in a source: a record of one shard or partition.
struct ShardPosition: Equatable {
    /// The shard, or topic and partition.
    let shard: String
    /// The record's shard sequence number or offset.
    let offset: SourceOffset
}

extension ShardPosition: CustomStringConvertible {
    var description: String { "\(shard) from \(offset)" }
}
