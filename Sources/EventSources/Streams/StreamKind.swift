internal import Calendar

/// What a stream of this machine stands for, which decides its shards' names and which of them a key belongs to.
public enum StreamKind: Equatable, Sendable {
    /// A Kinesis stream of so many shards, which share the range of hash keys evenly, as a new stream's do.
    case kinesis(shards: Int)
    /// A topic of so many partitions.
    case kafka(partitions: Int)

    var count: Int {
        switch self {
        case .kinesis(let count), .kafka(let count): count
        }
    }

    /// The shards' names, of a stream of this name.
    func shards(of name: String) -> [String] {
        (0..<max(count, 0)).map { index in
            switch self {
            case .kinesis: "shardId-" + CivilDate.padded(Int64(index), 12)
            case .kafka: TopicPartition(topic: name, number: Int64(index)).shard
            }
        }
    }

    /// The shard that a key belongs to, from 0 on: Kinesis goes by the MD5 hash of the partition key, and Kafka's
    /// producers, as Java's does, by murmur2 of the key.
    func shard(of key: [UInt8]) -> Int {
        switch self {
        case .kinesis(let count):
            guard count > 1 else { return 0 }
            // 2¹²⁸ / count without the 2¹²⁸; what does not divide is left to the last shard.
            let divisor = UInt128(count)
            let range = (UInt128.max - divisor + 1) / divisor + 1
            return min(Int(MD5.hash(key) / range), count - 1)
        case .kafka(let count): return Int(Murmur2.hash(key) & 0x7FFF_FFFF) % count
        }
    }
}
