/// One event poller of the event source mapping of a Kafka topic: it has some of the topic's partitions for itself, and
/// one batch at a time, in which they may be mixed. Several pollers work side by side: see ``pollers(_:count:)``.
///
/// It is driven as ``ShardMapping`` is, and does the same with what the function says, per partition: of a reply that
/// reports records, `partialRetry` says what comes again. An on-demand mapping has none of the options for errors: what
/// fails comes again until the topic drops it. Those need provisioned mode. A mapping with a destination and without a
/// bound of retries ends after ten, as AWS documents.
public struct TopicMapping {
    private var poller: EventPoller

    /// A poller of some partitions.
    /// - Parameters:
    ///   - partitions: as ``StreamRecord/shard`` names them, and the offset of the first record of each to send.
    ///   - functionARN: the function, as failure records name it.
    ///   - isProvisioned: whether the mapping is in provisioned mode.
    ///   - seed: decides the jitter.
    /// - Throws: ``EventSourceError``, `BadOption`, if AWS would not take the options.
    public init(
        partitions: [(shard: String, offset: Int64)], functionARN: String, text: KafkaEventText,
        options: MappingOptions, isProvisioned: Bool, seed: UInt64
    ) throws(EventSourceError) {
        try options.check(isProvisioned ? .provisionedKafka : .onDemandKafka)
        poller = EventPoller(
            positions: partitions, functionARN: functionARN, text: text, options: options, seed: seed)
    }

    /// Deals partitions out to pollers in turn, and none to more pollers than there are partitions.
    public static func pollers(_ partitions: [String], count: Int) -> [[String]] {
        let count = min(max(count, 1), partitions.count)
        return (0..<count).map { poller in
            stride(from: poller, to: partitions.count, by: count).map { partitions[$0] }
        }
    }
}

extension TopicMapping: EventSourceMapping {
    /// What has been done.
    public var counts: MappingCounts { poller.counts }
    /// Records that are read and neither taken nor given up.
    public var unsettled: Int { poller.unsettled }
    /// The offset of each partition before which everything is settled.
    public var checkpoints: [String: Int64] { poller.checkpoints }
    /// The offset of each partition that is to be read next.
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
