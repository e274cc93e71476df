internal import EventSources
internal import Kafka
internal import Synchronization

/// Some partitions of a topic of a cluster, for the one mapping that reads them. It belongs to no consumer group and
/// commits nothing: the tables' offsets say where it begins.
final class KafkaSource: EventSource {
    /// The partitions, such as `coinbase-trades-0`.
    let shards: [String]
    private let topic: String
    private let reader: Mutex<Reader>

    /// What one thread at a time works with.
    private struct Reader {
        let consumer: KafkaConsumer
        /// Records that have come and were not read, and the offset behind the last record that was.
        var arrived: [String: [StreamRecord]] = [:]
        /// How far each partition reaches, as last asked.
        var ends: [String: Int64] = [:]
        var askedMs: Int64 = .min
        var lows: [String: Int64] = [:]
    }

    /// How long the cluster may take for an answer.
    private static let answerMs: Int64 = 5_000
    /// How old what is known of the partitions' ends may be.
    private static let endsMs: Int64 = 500
    /// Records that are kept ahead of the mapping, at most.
    private static let ahead = 10_000

    /// Begins to read.
    /// - Parameter positions: the offset that each partition goes on with; 0 for its beginning.
    /// - Throws: `KafkaError`; ``CommandFailure`` if a partition does not have the records before its position.
    init(_ settings: KafkaSettings, topic: String, positions: [String: Int64]) throws {
        self.topic = topic
        shards = positions.keys.sorted()
        let consumer = try KafkaConsumer(settings)
        var lows: [String: Int64] = [:]
        var starts: [(topic: String, partition: Int32, offset: Int64?)] = []
        for shard in shards {
            let partition = Self.partition(shard)
            let marks = try consumer.watermarks(topic: topic, partition: partition, withinMs: Self.answerMs)
            let position = positions[shard] ?? 0
            guard position <= marks.high else {
                throw CommandFailure(
                    "the tables have taken \(shard) up to offset \(position - 1), and the cluster has it only up to "
                        + "\(marks.high - 1): the topic was made anew. Name another lake with --lake DIR")
            }
            lows[shard] = marks.low
            starts.append((topic, partition, max(position, marks.low)))
        }
        try consumer.assign(starts)
        reader = Mutex(Reader(consumer: consumer, lows: lows))
    }

    func read(_ shard: String, from offset: Int64, atMost count: Int) throws -> [StreamRecord] {
        try reader.withLock { reader in
            try Self.fetch(&reader, topic, withinMs: 0)
            var arrived = reader.arrived[shard] ?? []
            if let first = arrived.first, first.offset < offset { arrived.removeAll { $0.offset < offset } }
            let records = Array(arrived.prefix(count))
            arrived.removeFirst(records.count)
            reader.arrived[shard] = arrived
            return records
        }
    }

    func start(of shard: String) throws -> Int64 { reader.withLock { $0.lows[shard] ?? 0 } }

    func end(of shard: String) throws -> Int64 {
        try reader.withLock { reader in
            let now = Lane.nowMs()
            if reader.askedMs < now - Self.endsMs {
                for shard in shards {
                    let marks = try reader.consumer.watermarks(
                        topic: topic, partition: Self.partition(shard), withinMs: Self.answerMs)
                    reader.ends[shard] = marks.high
                }
                reader.askedMs = now
            }
            // What has come since is there, too.
            return max(reader.ends[shard] ?? 0, (reader.arrived[shard]?.last?.offset ?? -1) + 1)
        }
    }

    func wait(for positions: [String: Int64], atMostMs milliseconds: Int64) throws {
        try reader.withLock { reader in
            guard reader.arrived.values.allSatisfy(\.isEmpty) else { return }
            try Self.fetch(&reader, topic, withinMs: milliseconds)
        }
    }

    private static func fetch(_ reader: inout Reader, _ topic: String, withinMs: Int64) throws {
        let room = ahead - reader.arrived.values.reduce(0) { $0 + $1.count }
        guard room > 0 else { return }
        for record in try reader.consumer.poll(withinMs: withinMs, atMost: min(room, 2_000)) {
            let shard = "\(topic)-\(record.partition)"
            reader.arrived[shard, default: []].append(
                StreamRecord(
                    shard: shard, offset: record.offset, key: record.key, value: record.value ?? [],
                    timestampMs: record.timestampMs ?? 0))
        }
    }

    private static func partition(_ shard: String) -> Int32 {
        Int32(truncatingIfNeeded: TopicPartition(shard: shard).number)
    }
}
