internal import Columnar
internal import LambdaRuntime

/// Makes rows of records, which it is given one after another, in the order of their offsets within each shard.
protocol RecordReader: ~Copyable {
    /// The columns of the batches that it fills.
    var fields: [Field] { get }
    /// What was counted in the records so far.
    var counts: ReaderCounts { get }
    /// Entries of the snapshot summary that a commit of all records read so far must carry: what the reader must find
    /// again to go on.
    var state: [String: String] { get }

    /// Takes one record, and appends the rows that it makes or completes.
    /// - Throws: why the record is bad. What of it is good may have been taken all the same, unless bad records stop the
    ///   stream; then nothing has.
    mutating func read(
        _ record: some SourceRecord, payload: Base64View, of shard: String, into batch: RecordBatch
    ) throws(RecordError)
}
