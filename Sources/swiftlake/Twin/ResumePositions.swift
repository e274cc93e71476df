internal import EventSources
internal import Iceberg

/// Where a mapping goes on: behind the last record that the function's table has, shard by shard.
struct ResumePositions: Equatable {
    /// The next offset of each shard; one that no table knows is taken from its beginning.
    let next: [String: Int64]
    /// Shards whose tables have offsets that this stream did not give.
    let foreign: [String]

    /// What tables say.
    /// - Parameters:
    ///   - marks: of the source, nil if the table does not know it.
    ///   - isOfKafka: whether offsets are a partition's, or else sequence numbers of a stream on this machine.
    init(_ marks: Watermarks?, shards: [String], isOfKafka: Bool) {
        var next: [String: Int64] = [:]
        var foreign: [String] = []
        for shard in shards {
            guard let last = marks?.shards[shard]?.last.description else {
                next[shard] = 0
                continue
            }
            let offset = isOfKafka ? Int64(last) : EventSources.ShardSequenceNumber.offset(last)
            if let offset, offset < .max { next[shard] = offset + 1 } else { foreign.append(shard) }
        }
        (self.next, self.foreign) = (next, foreign)
    }
}
