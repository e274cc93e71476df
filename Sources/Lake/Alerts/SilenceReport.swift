internal import JSON
internal import LambdaRuntime
internal import Logging

/// What the scheduled check of one stream came to.
struct SilenceReport {
    /// The stream's name.
    let stream: String
    /// Keys that are known.
    private(set) var keys = 0
    /// Silences that are told now.
    private(set) var alerts = 0
    /// Silences that a cool-down suppressed.
    private(set) var suppressed = 0
    /// What came of publishing.
    private(set) var outbox = AlertOutbox.Outcome()

    init(stream: String) { self.stream = stream }

    /// Adds what one source of the stream came to.
    mutating func add(_ found: SilenceCheck.Report) {
        keys += found.keys
        alerts += found.alerts
        suppressed += found.suppressed
        outbox.givenUp += found.givenUp
    }

    /// Adds what came of publishing.
    mutating func add(_ outcome: AlertOutbox.Outcome) {
        outbox.published += outcome.published
        outbox.left += outcome.left
        outbox.givenUp += outcome.givenUp
        outbox.error = outbox.error ?? outcome.error
        outbox.unsettled = outbox.unsettled ?? outcome.unsettled
    }

    /// Writes what happened as log lines, and as metrics with the stream as dimension.
    func log(_ context: Context) {
        context.log.info(
            "looked for silence",
            metadata: [
                "stream": "\(stream)", "keys": .stringConvertible(keys), "alerts": .stringConvertible(alerts),
                "suppressed": .stringConvertible(suppressed), "published": .stringConvertible(outbox.published),
            ])
        outbox.log(stream: stream, context)
        for (metric, count) in [("Alerts", alerts), ("AlertsSuppressed", suppressed)] {
            context.metrics.put(metric, count, dimensions: ["Stream": stream])
        }
    }

    /// The reply.
    static func response(_ reports: [SilenceReport]) -> LambdaResponse {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("streams") { writer in
                writer.array { writer in
                    for report in reports {
                        writer.object { writer in
                            writer.member("stream", report.stream)
                            writer.member("keys", report.keys)
                            writer.member("alerts", report.alerts)
                            writer.member("suppressed", report.suppressed)
                            writer.member("published", report.outbox.published)
                            writer.member("unpublished", report.outbox.left)
                        }
                    }
                }
            }
        }
        return LambdaResponse(writer.bytes)
    }
}
