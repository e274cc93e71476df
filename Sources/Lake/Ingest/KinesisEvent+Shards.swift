internal import LambdaRuntime

extension KinesisEvent {
    /// The records by stream, and by shard within it, in the order of the event.
    var recordsByStream: [(arn: String, shards: [ShardRecords<KinesisRecord>])] {
        guard let first = records.first else { return [] }
        // A mapping sends the records of one shard; whoever made the event by hand may have mixed some.
        if records.allSatisfy({ $0.isOfSameShard(as: first) }) {
            return [(first.streamARN.string, [ShardRecords(shard: first.shardID.string, records: records)])]
        }
        var order: [(arn: String, shards: [String])] = []
        var byShard: [[String]: [KinesisRecord]] = [:]
        for record in records {
            let (arn, shard) = (record.streamARN.string, record.shardID.string)
            if byShard[[arn, shard], default: []].isEmpty {
                if let place = order.firstIndex(where: { $0.arn == arn }) {
                    order[place].shards.append(shard)
                } else {
                    order.append((arn, [shard]))
                }
            }
            byShard[[arn, shard], default: []].append(record)
        }
        return order.map { arn, shards in
            (arn, shards.map { ShardRecords(shard: $0, records: byShard[[arn, $0], default: []]) })
        }
    }
}
