public import JSON

/// What a function answers to a Kinesis batch, for mappings with `ReportBatchItemFailures`.
///
/// Lambda retries from the lowest sequence number on, so only the first failure is worth naming.
public struct KinesisBatchReply: Equatable, Sendable {
    /// The shard sequence number of the first record that was not dealt with; nil if all were.
    public var firstFailure: String?
    /// State for the next batch of a tumbling window.
    public var state: JSONValue?

    /// A reply.
    public init(firstFailure: String? = nil, state: JSONValue? = nil) {
        self.firstFailure = firstFailure
        self.state = state
    }

    /// `{"batchItemFailures":[{"itemIdentifier":"…"}]}`, with `state` before it if there is one.
    public var response: LambdaResponse {
        var writer = JSONWriter()
        writer.object { writer in
            if let state { writer.member("state", state) }
            writer.member("batchItemFailures") { writer in
                writer.array { writer in
                    if let firstFailure { writer.object { $0.member("itemIdentifier", firstFailure) } }
                }
            }
        }
        return LambdaResponse(writer.bytes)
    }
}
