/// A partition of a topic.
public struct TopicPartition: Hashable, Sendable {
    /// The topic's name.
    public let topic: String
    /// The partition's number, from 0 on.
    public let number: Int64

    /// A partition.
    public init(topic: String, number: Int64) {
        self.topic = topic
        self.number = number
    }

    /// The partition that a shard's name, `coinbase-trades-0`, stands for. What has no number at its end is a topic's
    /// only partition.
    public init(shard: String) {
        guard let dash = shard.utf8.lastIndex(of: UInt8(ascii: "-")),
            let number = Int64(shard[shard.utf8.index(after: dash)...]), number >= 0
        else {
            self.init(topic: shard, number: 0)
            return
        }
        self.init(topic: String(shard[..<dash]), number: number)
    }

    /// `coinbase-trades-0`, as events name it.
    public var shard: String { "\(topic)-\(number)" }
}
