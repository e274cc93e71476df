internal import JSON

/// Which records the next PutRecords holds, and what became of each: pure, told of every reply.
struct PutBatches {
    private let sizes: [Int]
    /// The records that are still to be put, in order, by their place.
    private var waiting: [Int]
    /// Those of the call under way.
    private var batch: [Int] = []
    private var outcomes: [Int: Result<Kinesis.Position, ServiceError>] = [:]
    /// How often each record was turned away.
    private var refusals: [Int: Int] = [:]
    /// Calls in a row that turned records away: how long to wait grows with them.
    private(set) var rounds = 0

    init(_ records: [Kinesis.Record]) {
        sizes = records.map(\.size)
        waiting = Array(records.indices)
    }

    /// The records of the next call; nil if all have been put. One that is too large for any call goes alone, for the
    /// service to refuse.
    mutating func next() -> [Int]? {
        var bytes = 0
        let count = waiting.prefix(Kinesis.maximumRecords).prefix { index in
            bytes += sizes[index]
            return bytes <= Kinesis.maximumBytes
        }.count
        batch = Array(waiting.prefix(max(count, 1)))
        waiting.removeFirst(batch.count)
        return batch.isEmpty ? nil : batch
    }

    /// Reads the reply to the call under way. A record that was turned away as often as a call may be sent has failed.
    mutating func take(_ value: JSONValue, _ reply: ServiceReply, _ maximumAttempts: Int) throws(ServiceError) {
        let results = try reply.require(value["Records"]?.elements, "Records")
        guard results.count == batch.count else { throw reply.malformed("a reply for another number of records") }
        var again: [Int] = []
        for (index, result) in zip(batch, results) {
            if let code = result["ErrorCode"]?.string {
                refusals[index, default: 0] += 1
                let error = Self.refused(code, attempts: refusals[index] ?? 1)
                outcomes[index] = .failure(error)
                if refusals[index] ?? 1 < maximumAttempts { again.append(index) }
            } else if let shard = result["ShardId"]?.string, let number = result["SequenceNumber"]?.string {
                outcomes[index] = .success(Kinesis.Position(shardID: shard, sequenceNumber: number))
            } else {
                outcomes[index] = .failure(reply.malformed("a reply without a record's SequenceNumber"))
            }
        }
        batch = []
        waiting = again + waiting
        rounds = again.isEmpty ? 0 : rounds + 1
    }

    /// Notes that the call under way failed altogether.
    mutating func fail(_ error: ServiceError) {
        for index in batch { outcomes[index] = .failure(error) }
        batch = []
    }

    /// Notes that no further call is made.
    mutating func giveUp() { waiting = [] }

    /// What became of each record, in order.
    /// - Parameter request: the call that the records which were not sent would have been part of.
    func results(elseFailing request: ServiceRequest) -> [Result<Kinesis.Position, ServiceError>] {
        sizes.indices.map { index in
            outcomes[index]
                ?? .failure(
                    ServiceError(
                        .unavailable, service: request.service.id, operation: request.operation, code: "NotSent",
                        message: "not sent, as a call before it failed", mayHaveActed: false, attempts: 0))
        }
    }

    private static func refused(_ code: String, attempts: Int) -> ServiceError {
        let isThrottled = FaultCodes.throttling.contains(code)
        return ServiceError(
            isThrottled ? .throttled : .unavailable, service: AWSService.kinesis.id, operation: "PutRecords",
            code: CredentialsReply.isField(code) ? code : "InternalFailure",
            message: "the service turned the record away",
            advice: isThrottled ? "add shards, or put less at once" : "", status: 200, mayHaveActed: !isThrottled,
            attempts: attempts)
    }
}
