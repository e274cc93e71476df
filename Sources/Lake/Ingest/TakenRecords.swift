internal import Columnar
internal import Iceberg

/// What decoding made of the records that no commit has taken yet.
struct TakenRecords {
    /// The good ones as rows.
    let batch: RecordBatch
    /// The bad ones, with the reason.
    var letters: [DeadLetter] = []
    /// Bad records that are only counted.
    var dropped = 0
    /// The offsets that rows and bad records cover, by shard.
    var offsets: [String: OffsetRange] = [:]
    /// When the source took the newest record that is good, in milliseconds since the epoch; nil if no record says so.
    var newestMs: Int64?
    /// Kafka records without a value, which no row is made of.
    var tombstones = 0
    /// What the reader of the records counted.
    var counts = ReaderCounts()
    /// Entries of the snapshot summary that the commit of the rows must carry.
    var state: [String: String] = [:]
    /// Records at or below the watermark, and second ones of one offset.
    var replayed = 0
    /// The first record of each shard that is above its watermark.
    var firstNew: [ShardPosition] = []
    /// The first record of each shard that was not taken.
    var remainder: [ShardPosition] = []
    /// Why there is a remainder.
    var reason: IngestReport.Reason?

    /// Whether a record is no row because of what it holds.
    var refusesRecords: Bool {
        if case .badRecord = reason { return true }
        return !letters.isEmpty || dropped > 0
    }

    init(_ fields: [Field], capacity: Int) { batch = RecordBatch(fields, capacity: capacity) }
}

/// A record that cannot be decoded.
struct DeadLetter {
    /// Its shard.
    let shard: String
    /// Where it stands, and its payload.
    let record: any SourceRecord
    /// Why it is no row.
    let error: RecordError
}
