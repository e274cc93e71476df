internal import JSON
internal import Kafka
internal import LambdaRuntime
internal import Logging

/// What became of a minute's polls.
struct PollReport: Equatable {
    /// Requests for bars; what was sent again within one counts once.
    var polls = 0
    /// Polls that brought no bars, by the kind of fault.
    var faults: [UpstreamFault.Kind: Int] = [:]
    /// Steps without a poll, because Alpaca asked to be left alone.
    var held = 0
    /// Quotes that the cluster has.
    var produced = 0
    /// Symbols that a reply had no bar of, each time.
    var missing = 0
    /// Symbols whose bar was no object, each time.
    var malformed = 0
    /// Quotes that the cluster may not have.
    var undelivered = 0
    /// From when each poll was due until its quotes were delivered, in milliseconds.
    var delaysMs: [Int64] = []

    /// Counts a fault.
    mutating func add(_ fault: UpstreamFault) { faults[fault.kind, default: 0] += 1 }

    /// Counts what a reply held.
    mutating func add(_ bars: LatestBars) {
        missing += bars.missing.count
        malformed += bars.malformed.count
    }

    /// Counts what became of the records.
    mutating func add(_ report: DeliveryReport) {
        produced += report.delivered
        undelivered += report.undelivered
    }

    private var faultCount: Int { faults.values.reduce(0, +) }

    /// The reply.
    func response(_ minute: MinuteReport) -> LambdaResponse {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("polls", polls)
            writer.member("faults", faultCount)
            writer.member("faultKinds") { writer in
                writer.object { writer in
                    for kind in UpstreamFault.Kind.allCases {
                        if let count = faults[kind] { writer.member(kind.rawValue, count) }
                    }
                }
            }
            writer.member("held", held)
            writer.member("produced", produced)
            writer.member("missing", missing)
            writer.member("malformed", malformed)
            writer.member("undelivered", undelivered)
            minute.write(to: &writer)
        }
        return LambdaResponse(writer.bytes)
    }

    /// Writes what happened as one log line, and as metrics.
    func log(_ minute: MinuteReport, _ context: Context) {
        let fields: Logger.Metadata = [
            "polls": .stringConvertible(polls), "faults": .stringConvertible(faultCount),
            "produced": .stringConvertible(produced), "missing": .stringConvertible(missing),
            "undelivered": .stringConvertible(undelivered),
        ]
        if minute.isLate {
            context.log.warning("the minute was over before it began: nothing was asked for", metadata: fields)
        } else {
            context.log.info("the minute's quotes were asked for", metadata: fields)
        }
        let isEmpty = produced == 0 && minute.steps > 0
        let counts = [
            ("Polls", polls), ("PollsHeld", held), ("UpstreamFaults", faultCount), ("QuotesProduced", produced),
            ("QuotesMissing", missing), ("QuotesMalformed", malformed), ("Undelivered", undelivered),
            ("EmptyRuns", isEmpty ? 1 : 0),
        ]
        for (metric, count) in counts { context.metrics.put(metric, count, dimensions: ["Job": PollQuotes.name]) }
        for delay in delaysMs {
            context.metrics.put("PollDelay", Int(delay), unit: .milliseconds, dimensions: ["Job": PollQuotes.name])
        }
        minute.count(in: context.metrics, job: PollQuotes.name)
    }
}
