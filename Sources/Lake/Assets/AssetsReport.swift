internal import JSON
internal import LambdaRuntime
internal import Logging

/// What a refresh of the logos came to.
struct AssetsReport: Equatable {
    /// Logos appended.
    var logos = 0
    /// Entries without asset or address.
    var dropped = 0
    /// Entries that repeat another.
    var duplicates = 0
    /// The snapshot that holds the logos of this execution; nil if history no longer reaches back to it.
    var snapshotID: Int64?
    /// What named the run.
    var executionID: String
    /// Whether the event named it, and not the request alone.
    var isNamed = true
    /// Whether the execution's logos were in the table already.
    var isReplay = false

    /// The reply.
    var response: LambdaResponse {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("logos", logos)
            writer.member("dropped", dropped)
            writer.member("duplicates", duplicates)
            // As text: readers that know numbers as doubles would round it.
            writer.member("snapshot", snapshotID.map { .string(String($0)) } ?? .null)
            writer.member("executionId", executionID)
            writer.member("replayed", isReplay)
            if !isNamed {
                writer.member(
                    "note",
                    "the event names no execution, so its request does: every other request appends, also a repeated one"
                )
            }
        }
        return LambdaResponse(writer.bytes)
    }

    /// Writes what happened as one log line, and as metrics.
    func log(_ context: Context) {
        var fields: Logger.Metadata = [
            "logos": .stringConvertible(logos), "dropped": .stringConvertible(dropped),
            "duplicates": .stringConvertible(duplicates),
        ]
        if let snapshotID { fields["snapshot"] = "\(snapshotID)" }
        fields["executionId"] = "\(executionID)"
        if isReplay {
            context.log.info("the logos of this execution are in the table already", metadata: fields)
        } else {
            context.log.info("the logos were appended in one commit", metadata: fields)
        }
        let counts = [
            ("LogosAppended", logos), ("LogosDropped", dropped), ("LogosDuplicated", duplicates),
            ("ExecutionsReplayed", isReplay ? 1 : 0),
        ]
        for (metric, count) in counts { context.metrics.put(metric, count, dimensions: ["Job": "refresh-assets"]) }
    }
}
