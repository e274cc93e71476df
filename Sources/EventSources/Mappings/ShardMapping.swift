/// The event source mapping of one shard of a Kinesis stream, with one batch at a time (a `ParallelizationFactor` of 1).
///
/// It is a value that decides and does nothing: whoever drives it reads what it asks for, calls the function with the
/// batches it makes, and tells how each call ended.
///
///     try mapping.fill(from: stream, nowMs: now())
///     switch mapping.next(nowMs: now()) {
///     case .invoke(let batch): mapping.take(call(batch.event()), requestID: id, nowMs: now())
///     case .wait(let time): // until then, or until there are further records
///     case .idle: // until there are records
///     }
///
/// What a batch is: up to `batchSize` records in their order, whose event takes up to 6 MB. It is made when it is full,
/// or when the batching window has passed since its first record was read or since the invocation before ended,
/// whichever was later.
///
/// What becomes of it:
/// - Success: the shard goes on. Without `reportBatchItemFailures` every reply is a success; with it one that reports
///   nothing (see the AWS documentation: an empty reply, null, an empty or null list).
/// - A reply that reports records: those before the lowest reported sequence number are taken, the rest comes again.
///   An empty, unknown or misspelt identifier, or a reply that is no JSON object, means the whole batch.
/// - An error, a timeout, the end of the process: the whole batch comes again.
/// - With `bisectBatchOnFunctionError` a batch that failed whole comes again in halves, and one that failed in part comes
///   again from the reported record on; neither uses up a retry, as AWS documents.
/// - Everything else uses up a retry, and waits: twice as long each time, with jitter. Past `maximumRetryAttempts` the
///   records are given up.
/// - A throttled call uses up nothing and comes again.
/// - Records that get older than `maximumRecordAgeSeconds` before they are taken are given up, before the first call too.
/// - A record that is larger than an event can be is given up alone.
///
/// What is given up goes to the destination before anything behind it is sent.
public struct ShardMapping {
    private var poller: EventPoller
    /// The shard.
    public let shard: String

    /// A mapping.
    /// - Parameters:
    ///   - offset: the first record to send.
    ///   - functionARN: the function, as failure records name it.
    ///   - seed: decides the jitter.
    /// - Throws: ``EventSourceError``, `BadOption`, if AWS would not take the options.
    public init(
        shard: String, from offset: Int64, functionARN: String, text: KinesisEventText, options: MappingOptions,
        seed: UInt64
    ) throws(EventSourceError) {
        try options.check(.kinesis)
        self.shard = shard
        poller = EventPoller(
            positions: [(shard, offset)], functionARN: functionARN, text: text, options: options, seed: seed)
    }
}

extension ShardMapping: EventSourceMapping {
    /// What has been done.
    public var counts: MappingCounts { poller.counts }
    /// Records that are read and neither taken nor given up.
    public var unsettled: Int { poller.unsettled }
    /// The offset before which everything is settled.
    public var checkpoints: [String: Int64] { poller.checkpoints }
    /// The offset that is to be read next.
    public var readPositions: [String: Int64] { poller.readPositions }

    /// What is to be read, if there is room.
    public mutating func wanted() -> [ReadRequest] { poller.wanted() }
    /// Takes records that were read.
    public mutating func add(_ records: [StreamRecord], nowMs: Int64) { poller.add(records, nowMs: nowMs) }
    /// What is to be done next.
    public mutating func next(nowMs: Int64) -> MappingStep { poller.next(nowMs: nowMs) }
    /// How the invocation of the last batch ended.
    public mutating func take(_ outcome: InvocationOutcome, requestID: String, nowMs: Int64) {
        poller.take(outcome, requestID: requestID, nowMs: nowMs)
    }
}
