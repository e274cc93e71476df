internal import JSON

/// What a mapping gives up, for its failure destination: the invocation record that AWS writes.
public struct FailureRecord: Sendable {
    /// Why records are given up.
    public enum Condition: String, Sendable {
        /// The function failed as often as it may.
        case retryAttemptsExhausted = "RetryAttemptsExhausted"
        /// The records are older than they may be.
        case recordAgeExceeded = "RecordAgeExceeded"
        /// One record alone is larger than an event may be.
        case maximumPayloadSizeExceeded = "MaximumPayloadSizeExceeded"
    }

    /// Why.
    public let condition: Condition
    /// The records, each shard's in the order of their offsets.
    public let records: [StreamRecord]
    /// The function they were meant for.
    public let functionARN: String
    /// The last invocation that had them; empty if none had.
    public let requestID: String
    /// How many invocations had them.
    public let approximateInvokeCount: Int
    /// Whether the last of these ended in an error, and not in a reply that reports records.
    public let isFunctionError: Bool
    /// When they were given up, in milliseconds since the epoch.
    public let timestampMs: Int64
    let text: any EventText

    /// The record as JSON text, on one line.
    /// - Parameter payload: whether it holds the event too, as a string, which records for S3 do and those for a queue
    ///   or a topic do not.
    public func json(payload: Bool = true) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("requestContext") { writer in
                writer.object { writer in
                    writer.member("requestId", requestID)
                    writer.member("functionArn", functionARN)
                    writer.member("condition", condition.rawValue)
                    writer.member("approximateInvokeCount", approximateInvokeCount)
                }
            }
            writer.member("responseContext") { writer in
                guard approximateInvokeCount > 0 else { return writer.null() }
                writer.object { writer in
                    writer.member("statusCode", 200)
                    writer.member("executedVersion", "$LATEST")
                    if isFunctionError {
                        writer.member("functionError", "Unhandled")
                    } else {
                        writer.member("functionError") { $0.null() }
                    }
                }
            }
            writer.member("version", "1.0")
            writer.member("timestamp", KafkaEventText.timestamp(timestampMs))
            text.writeBatchInfo(records, to: &writer)
            if payload { writer.member("payload", String(decoding: text.text(records), as: UTF8.self)) }
        }
        return writer.bytes
    }

    /// The name of the object that S3 would hold the record as, below the bucket: folders for the mapping, for Kinesis
    /// the shard, and the day, and then the time and a random part.
    public func objectName(mapping: String, random: String) -> String {
        let time = KafkaEventText.timestamp(timestampMs)
        let day = time.prefix(10)
        let clock = time.dropFirst(11).prefix(8).split(separator: ":").joined(separator: ".")
        let shard = text is KinesisEventText ? (records.first.map { $0.shard + "/" } ?? "") : ""
        let folder = day.split(separator: "-").joined(separator: "/")
        return "aws/lambda/\(mapping)/\(shard)\(folder)/\(day)T\(clock)-\(random)"
    }
}
