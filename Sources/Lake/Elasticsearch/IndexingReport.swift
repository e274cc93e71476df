internal import LambdaRuntime
internal import Logging

/// What the records of one topic in one event came to.
struct IndexingReport {
    /// Documents that the index has taken.
    var indexed = 0
    /// Documents whose price was not above the index's own.
    var unchanged = 0
    /// Documents that were sent again because the server could not take them.
    var resent = 0
    /// Records newly written to the dead-letter table.
    var deadLetters = 0
    /// Bad records that the definition says to drop.
    var dropped = 0
    /// Records without a value.
    var tombstones = 0
    /// The first record of each partition that is not dealt with, and must come again.
    var remainder: [(shard: String, offset: Int64)] = []
    /// Why there is a remainder.
    var reason: Reason?

    /// Why records are left.
    enum Reason {
        /// The deadline was near.
        case deadline
        /// The definition says to stop at a bad record.
        case badRecord(RecordError)
        /// The server could not take documents, however often they were sent.
        case busy(BulkFault)
        /// The index cannot be written to.
        case blocked(BulkFault)
        /// A request or a commit failed.
        case fault(any Error)
    }
}

extension IndexingReport.Reason: CustomStringConvertible {
    /// Safe to log.
    var description: String {
        switch self {
        case .deadline: "the deadline is near"
        case .badRecord(let error): "a record is bad and the definition says fail: \(error)"
        case .busy(let fault): "the server could not take documents: \(fault)"
        case .blocked(let fault): "the index cannot be written to: \(fault)"
        case .fault(let error): "\(error)"
        }
    }
}

extension IndexingReport {
    /// Writes what happened as one log line in words, and as metrics with the index as dimension.
    func log(topic: String, index: String, _ context: Context) {
        var fields: Logger.Metadata = [
            "topic": "\(topic)", "index": "\(index)", "indexed": .stringConvertible(indexed),
            "unchanged": .stringConvertible(unchanged), "resent": .stringConvertible(resent),
            "deadLetters": .stringConvertible(deadLetters), "dropped": .stringConvertible(dropped),
            "tombstones": .stringConvertible(tombstones),
        ]
        let sentence = "\(indexed) documents indexed, \(unchanged) unchanged"
        if let reason {
            fields["error"] = "\(reason)"
            context.log.error("\(sentence); nothing is lost, but records must come again", metadata: fields)
        } else {
            context.log.info("\(sentence)", metadata: fields)
        }
        let counts = [
            ("DocumentsIndexed", indexed), ("DocumentsUnchanged", unchanged), ("DocumentsResent", resent),
            ("DeadLetters", deadLetters), ("RecordsDropped", dropped), ("BatchesFailed", remainder.isEmpty ? 0 : 1),
        ]
        for (metric, count) in counts { context.metrics.put(metric, count, dimensions: ["Index": index]) }
    }

    /// What must come again, and why; nil if nothing must.
    var failure: JobError? {
        guard !remainder.isEmpty else { return nil }
        let places = remainder.map { "\($0.shard) from \($0.offset)" }.joined(separator: ", ")
        let why = reason.map { "\($0)" } ?? "they were not reached"
        return JobError(.indexing(.incomplete), "records are not indexed and must come again: \(places) (\(why))")
    }
}
