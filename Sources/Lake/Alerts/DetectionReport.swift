internal import LambdaRuntime
internal import Logging

/// What one stream's records of one event came to.
struct DetectionReport {
    /// What was committed; its rows are alerts.
    var ingest = IngestReport()
    /// Anomalies that a cool-down suppressed.
    var suppressed = 0
    /// Records without a key that rules could use.
    var unkeyed = 0
    /// Bytes of the state of the shards, and the keys that it knows.
    var stateBytes = 0, keys = 0
    /// What came of publishing.
    var outbox = AlertOutbox.Outcome()

    /// Writes what happened as log lines, and as metrics with the stream as dimension.
    func log(stream: String, _ context: Context) {
        var fields: Logger.Metadata = [
            "stream": "\(stream)", "alerts": .stringConvertible(ingest.rows),
            "suppressed": .stringConvertible(suppressed), "published": .stringConvertible(outbox.published),
            "replayed": .stringConvertible(ingest.replayed), "undecodable": .stringConvertible(ingest.dropped),
            "unkeyed": .stringConvertible(unkeyed), "keys": .stringConvertible(keys),
            "recomputed": .stringConvertible(ingest.recomputed), "swaps": .stringConvertible(ingest.swaps),
        ]
        if let snapshotID = ingest.snapshotID { fields["snapshot"] = "\(snapshotID)" }
        if !ingest.firstUncommitted.isEmpty {
            fields["firstUncommitted"] = "\(ingest.firstUncommitted.map { "\($0)" }.joined(separator: ", "))"
        }
        switch ingest.reason {
        case nil: context.log.info("looked through the records", metadata: fields)
        case .deadline:
            context.log.warning("the deadline is near: the rest of the records must come again", metadata: fields)
        case .badRecord(let error): logFault(error, &fields, context)
        case .fault(let error): logFault(error, &fields, context)
        }
        outbox.log(stream: stream, context)
        let counts = [
            ("Alerts", ingest.rows), ("AlertsSuppressed", suppressed), ("RecordsReplayed", ingest.replayed),
            ("RecordsUndecodable", ingest.dropped), ("RecordsUnkeyed", unkeyed),
            ("CommitConflicts", ingest.recomputed + max(0, ingest.swaps - 1)),
            ("BatchesFailed", ingest.firstUncommitted.isEmpty ? 0 : 1),
        ]
        for (metric, count) in counts { context.metrics.put(metric, count, dimensions: ["Stream": stream]) }
        guard stateBytes > 0 else { return }
        context.metrics.put("StateBytes", stateBytes, unit: .bytes, dimensions: ["Stream": stream])
        context.metrics.put("KeysKnown", keys, dimensions: ["Stream": stream])
    }

    private func logFault(_ error: any Error, _ fields: inout Logger.Metadata, _ context: Context) {
        fields["error"] = "\(error)"
        context.log.error("nothing is lost, but records must come again: \(error)", metadata: fields)
    }
}

extension AlertOutbox.Outcome {
    /// Writes what happened as log lines, and as metrics with the stream as dimension.
    func log(stream: String, _ context: Context) {
        let fields: Logger.Metadata = [
            "stream": "\(stream)", "published": .stringConvertible(published), "left": .stringConvertible(left),
            "givenUp": .stringConvertible(givenUp),
        ]
        if let error {
            context.log.error(
                "alerts are in the table but not published, and are published with the next invocation: \(error)",
                metadata: fields)
        } else if left > 0 {
            context.log.warning(
                "the deadline is near: alerts are in the table, and are published with the next invocation",
                metadata: fields)
        }
        if givenUp > 0 {
            context.log.error(
                "alerts will not be published, as they could not be for a day, or as too many are waiting; they are in the table",
                metadata: fields)
        }
        if let unsettled {
            context.log.warning(
                "alerts are published, but the table does not say so yet, so that they may be published again: \(unsettled)",
                metadata: fields)
        }
        let counts = [("AlertsPublished", published), ("AlertsUnpublished", left), ("AlertsGivenUp", givenUp)]
        for (metric, count) in counts { context.metrics.put(metric, count, dimensions: ["Stream": stream]) }
    }
}
