/// What one stream's records of one event came to.
struct IngestReport {
    /// Rows appended.
    var rows = 0
    /// When the source took the newest record of the commit that added them, in milliseconds since the epoch; nil if
    /// nothing was added, or no record says so.
    var newestMs: Int64?
    /// Data files that hold them.
    var dataFiles = 0
    /// Bytes of those files.
    var bytes = 0
    /// Records that an earlier commit had taken.
    var replayed = 0
    /// Records newly written to the dead-letter table.
    var deadLetters = 0
    /// Bad records that the definition says to drop.
    var dropped = 0
    /// Kafka records without a value, which no row is made of.
    var tombstones = 0
    /// What the reader of the records counted.
    var counts = ReaderCounts()
    /// Swaps of the catalog's pointer that were tried for the rows: more than one if other commits came first.
    var swaps = 0
    /// Times another commit took records of this source first.
    var recomputed = 0
    /// The snapshot that holds the rows, if there was anything to commit.
    var snapshotID: Int64?
    /// The first record of each shard that is not committed, and must come again.
    var firstUncommitted: [ShardPosition] = []
    /// Why those records are not committed.
    var reason: Reason?

    /// Why records are left.
    enum Reason {
        /// The deadline was near.
        case deadline
        /// The definition says to stop at a bad record.
        case badRecord(RecordError)
        /// The tables could not be committed.
        case fault(any Error)
    }
}
