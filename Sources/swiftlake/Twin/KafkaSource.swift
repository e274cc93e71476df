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
    /// Takes what people should know.
    private let say: @Sendable (String) -> Void

    /// What one thread at a time works with.
    private struct Reader {
        let consumer: KafkaConsumer
        /// Records that have come and were not read.
        var arrived: [String: [StreamRecord]] = [:]
        /// The offset behind the last record that came of each partition; before one came, that of the beginning.
        var behind: [String: Int64]
        /// The offset that each partition goes on with: more than `behind` where the cluster has dropped what lies between.
        var next: [String: Int64]
        /// Why the cluster gives no more records of a partition until all are assigned anew.
        var refusal: KafkaError?
        /// How far each partition reaches, as last asked.
        var ends: [String: Int64] = [:]
        var askedMs: Int64 = .min
        let lows: [String: Int64]
    }

    /// How long the cluster may take for an answer.
    private static let answerMs: Int64 = 5_000
    /// How old what is known of the partitions' ends may be.
    private static let endsMs: Int64 = 500
    /// Records that are kept ahead of the mapping, at most.
    private static let ahead = 10_000

    /// Begins to read.
    /// - Parameters:
    ///   - positions: the offset that each partition goes on with; 0 for its beginning.
    ///   - say: takes what people should know: which offsets the cluster has dropped before they came.
    /// - Throws: `KafkaError`; ``CommandFailure`` if a partition does not have the records before its position.
    init(
        _ settings: KafkaSettings, topic: String, positions: [String: Int64], say: @escaping @Sendable (String) -> Void
    ) throws {
        self.topic = topic
        self.say = say
        shards = positions.keys.sorted()
        let consumer = try KafkaConsumer(settings)
        var lows: [String: Int64] = [:]
        var starts: [String: Int64] = [:]
        for shard in shards {
            let partition = Self.partition(shard)
            let marks = try consumer.watermarks(topic: topic, partition: partition, withinMs: Self.answerMs)
            let position = positions[shard] ?? 0
            guard position <= marks.high else {
                throw CommandFailure(
                    "the tables have taken \(shard) up to offset \(position - 1), and the cluster has it only up to "
                        + "\(marks.high - 1): the topic was made anew. Name another lake with --lake DIR")
            }
            if let lost = LostOffsets(shard, next: position, low: marks.low) { say(lost.sentence) }
            lows[shard] = marks.low
            starts[shard] = max(position, marks.low)
        }
        try consumer.assign(Self.assignment(topic, starts))
        reader = Mutex(Reader(consumer: consumer, behind: starts, next: starts, lows: lows))
    }

    func read(_ shard: String, from offset: Int64, atMost count: Int) throws -> [StreamRecord] {
        try reader.withLock { reader in
            try fetch(&reader, withinMs: 0)
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
            let (end, behind) = (reader.ends[shard] ?? 0, reader.behind[shard] ?? 0)
            let reached = reader.consumer.endReached(of: topic, partition: Self.partition(shard)) ?? -1
            // Read to the end, what lies behind the last record is none: a transaction's marker, or a gap. And what has come
            // since is there, too.
            return reached >= end ? behind : max(end, behind)
        }
    }

    func wait(for positions: [String: Int64], atMostMs milliseconds: Int64) throws {
        try reader.withLock { reader in
            guard reader.arrived.values.allSatisfy(\.isEmpty) else { return }
            try fetch(&reader, withinMs: milliseconds)
        }
    }

    private func fetch(_ reader: inout Reader, withinMs: Int64) throws {
        let room = Self.ahead - reader.arrived.values.reduce(0) { $0 + $1.count }
        guard room > 0 else { return }
        if let refusal = reader.refusal { try assignAnew(&reader, refusal) }
        do throws(KafkaError) {
            for record in try reader.consumer.poll(withinMs: withinMs, atMost: min(room, 2_000)) {
                let shard = "\(topic)-\(record.partition)"
                reader.arrived[shard, default: []].append(
                    StreamRecord(
                        shard: shard, offset: record.offset, key: record.key, value: record.value ?? [],
                        timestampMs: record.timestampMs ?? 0))
                reader.behind[shard] = record.offset + 1
                reader.next[shard] = record.offset + 1
            }
        } catch {
            guard error.code == .refused else { throw error }
            reader.refusal = error
            try assignAnew(&reader, error)
        }
    }

    /// Goes on with the oldest records that the cluster still has, if it has dropped those that were to come next.
    private func assignAnew(_ reader: inout Reader, _ refusal: KafkaError) throws {
        var lost: [LostOffsets] = []
        for shard in shards {
            let marks = try reader.consumer.watermarks(
                topic: topic, partition: Self.partition(shard), withinMs: Self.answerMs)
            if let offsets = LostOffsets(shard, next: reader.next[shard] ?? 0, low: marks.low) { lost.append(offsets) }
        }
        for offsets in lost { reader.next[offsets.shard] = offsets.low }
        for offsets in lost { say(offsets.sentence) }
        try reader.consumer.assign(Self.assignment(topic, reader.next))
        reader.refusal = nil
        // It is another offset that the cluster refuses, and will again.
        if lost.isEmpty { throw refusal }
    }

    private static func assignment(
        _ topic: String, _ offsets: [String: Int64]
    ) -> [(topic: String, partition: Int32, offset: Int64?)] {
        offsets.map { shard, offset in (topic, partition(shard), offset) }
    }

    private static func partition(_ shard: String) -> Int32 {
        Int32(truncatingIfNeeded: TopicPartition(shard: shard).number)
    }
}
