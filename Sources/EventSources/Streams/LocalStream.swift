internal import Glibc

/// A stream of this machine: a folder with one append-only log a shard, which is the queue between producers and
/// functions and the record of all that was ever produced.
///
/// The log of a shard is `<shard>.jsonl`, a JSON object a line, whose members ``RecordLine`` lists. A record counts as
/// produced once ``append(key:value:timestampMs:)`` has returned: it is in the file then, and survives any end of this
/// process, though not a loss of power. One process at a time has a stream open; any number of its threads may use it.
public final class LocalStream: EventSource, @unchecked Sendable {
    // Sendable, as the logs guard themselves, and the rest is touched only inside the monitor or never changes.
    /// The stream's or topic's name.
    public let name: String
    /// What it stands for.
    public let kind: StreamKind
    /// The shards in their order.
    public let shards: [String]
    private let logs: [ShardLog]
    private let numbers: [String: Int]
    private let lock: FolderLock
    private let monitor = Monitor()
    /// Where the next record without a key goes.
    private var turn = 0

    /// A record of a stream that it was not given to yet.
    public struct NewRecord: Sendable {
        /// What the shard is chosen by. Kinesis needs one, of 1 to 256 characters; without one a record of Kafka goes to
        /// the partitions in turn.
        public let key: [UInt8]?
        /// The payload.
        public let value: [UInt8]
        /// When it was made, in milliseconds since the epoch.
        public let timestampMs: Int64

        /// A record.
        public init(key: [UInt8]?, value: [UInt8], timestampMs: Int64) {
            self.key = key
            self.value = value
            self.timestampMs = timestampMs
        }
    }

    /// Opens a stream, or makes it.
    /// - Parameters:
    ///   - folder: an absolute path, below which the stream has a folder of its name.
    /// - Throws: ``EventSourceError``: the folder cannot be used, another process has it, or it holds a stream of another
    ///   kind or with more shards, or for Kinesis with fewer. A topic may get further partitions.
    public init(name: String, kind: StreamKind, in folder: String) throws(EventSourceError) {
        guard (1...1000).contains(kind.count) else {
            throw EventSourceError(.badOption, "a stream has 1 to 1000 shards, not \(kind.count)")
        }
        self.name = name
        self.kind = kind
        shards = kind.shards(of: name)
        numbers = Dictionary(uniqueKeysWithValues: zip(shards, 0...))
        let path = "\(folder)/\(name)"
        lock = try FolderLock(path)
        try Self.check(path, kind, shards)
        var logs: [ShardLog] = []
        for shard in shards {
            let isKinesis = if case .kinesis = kind { true } else { false }
            logs.append(try ShardLog(path: "\(path)/\(shard).jsonl", shard: shard, hasSequenceNumber: isKinesis))
        }
        self.logs = logs
    }

    /// Checks that the logs a folder holds are of this stream.
    private static func check(_ path: String, _ kind: StreamKind, _ shards: [String]) throws(EventSourceError) {
        let found = try FolderLock.names(in: path).filter { $0.hasSuffix(".jsonl") }
        let expected = Set(shards.map { "\($0).jsonl" })
        let mayGrow = if case .kafka = kind { true } else { false }
        guard found.allSatisfy(expected.contains), mayGrow || found.isEmpty || found.count == shards.count else {
            throw EventSourceError(
                .otherStream,
                "\(path) holds \(found.count) shards, and the stream has \(shards.count): delete the folder, or keep the "
                    + "number")
        }
    }

    // MARK: - Producing

    /// Adds a record, and returns its place once it is in the log.
    @discardableResult
    public func append(
        key: [UInt8]?, value: [UInt8], timestampMs: Int64
    ) throws(EventSourceError) -> (shard: String, offset: Int64) {
        try append([NewRecord(key: key, value: value, timestampMs: timestampMs)])[0]
    }

    /// Adds records, and returns their places in the same order once all are in the logs. Records of one shard get
    /// neighbouring offsets.
    @discardableResult
    public func append(_ records: [NewRecord]) throws(EventSourceError) -> [(shard: String, offset: Int64)] {
        var chosen: [Int] = []
        for record in records { chosen.append(try shard(for: record)) }
        var places = [(shard: String, offset: Int64)](repeating: ("", 0), count: records.count)
        for number in Set(chosen).sorted() {
            let own = chosen.indices.filter { chosen[$0] == number }
            let first = try logs[number].append(
                own.map { (records[$0].key, records[$0].value, records[$0].timestampMs) })
            for (index, offset) in zip(own, first...) { places[index] = (shards[number], offset) }
        }
        monitor.lock()
        monitor.announce()
        monitor.unlock()
        return places
    }

    private func shard(for record: NewRecord) throws(EventSourceError) -> Int {
        if case .kinesis = kind {
            guard let key = record.key.flatMap({ String(validating: $0, as: UTF8.self) }),
                (1...256).contains(key.unicodeScalars.count)
            else { throw EventSourceError(.badRecord, "a record of Kinesis needs a key of 1 to 256 characters") }
        }
        guard let key = record.key else {
            monitor.lock()
            defer { monitor.unlock() }
            turn = (turn + 1) % shards.count
            return turn
        }
        return kind.shard(of: key)
    }

    // MARK: - Consuming

    /// Records of a shard from an offset on.
    public func read(_ shard: String, from offset: Int64, atMost count: Int) throws(EventSourceError) -> [StreamRecord]
    {
        try log(shard).read(from: offset, atMost: count)
    }

    /// 0: a log keeps everything.
    public func start(of shard: String) throws(EventSourceError) -> Int64 {
        _ = try log(shard)
        return 0
    }

    /// How many records the shard has.
    public func end(of shard: String) throws(EventSourceError) -> Int64 { try log(shard).end }

    /// Waits for a record at one of these positions.
    public func wait(for positions: [String: Int64], atMostMs milliseconds: Int64) throws(EventSourceError) {
        var open: [(log: ShardLog, offset: Int64)] = []
        for (shard, offset) in positions { open.append((try log(shard), offset)) }
        let (end, overflow) = Monitor.nowMs().addingReportingOverflow(milliseconds)
        let deadline = overflow ? .max : end
        monitor.lock()
        defer { monitor.unlock() }
        // Whoever adds a record announces it inside this monitor, after it is in its log: none is missed here.
        while !open.contains(where: { $0.log.end > $0.offset }), Monitor.nowMs() < deadline {
            monitor.wait(untilMs: deadline)
        }
    }

    private func log(_ shard: String) throws(EventSourceError) -> ShardLog {
        guard let number = numbers[shard] else {
            throw EventSourceError(.unknownShard, "the stream \(name) has no shard \(shard)")
        }
        return logs[number]
    }
}
