/// What drives an invocation loop: ``ShardMapping`` or ``TopicMapping``. One thread drives one mapping.
public protocol EventSourceMapping {
    /// What has been done.
    var counts: MappingCounts { get }
    /// Records that are read and neither taken nor given up.
    var unsettled: Int { get }
    /// The offset of each shard before which everything is settled: where a later run goes on.
    var checkpoints: [String: Int64] { get }
    /// The offset of each shard that is to be read next.
    var readPositions: [String: Int64] { get }

    /// What is to be read, if there is room.
    mutating func wanted() -> [ReadRequest]
    /// Takes records that were read; those it had already are passed over.
    mutating func add(_ records: [StreamRecord], nowMs: Int64)
    /// What is to be done next. While a batch is out, nothing.
    mutating func next(nowMs: Int64) -> MappingStep
    /// How the invocation of the last batch ended. Failure records name the invocation by its identifier.
    mutating func take(_ outcome: InvocationOutcome, requestID: String, nowMs: Int64)
}

extension EventSourceMapping {
    /// Reads what there is room for, and says whether there was anything.
    @discardableResult
    public mutating func fill(from source: some EventSource, nowMs: Int64) throws -> Bool {
        var found = false
        for request in wanted() {
            let records = try source.read(request.shard, from: request.offset, atMost: request.count)
            found = found || !records.isEmpty
            add(records, nowMs: nowMs)
        }
        return found
    }
}
