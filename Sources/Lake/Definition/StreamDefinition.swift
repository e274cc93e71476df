public import Iceberg

/// A stream: where records come from, how they are read and which table they go to.
public struct StreamDefinition: Equatable, Sendable {
    /// Where records come from.
    public enum Source: Hashable, Sendable {
        /// The Kinesis stream of this name, in whatever region and account the event comes from.
        case kinesisName(String)
        /// The Kinesis stream of this ARN, and no other.
        case kinesisARN(String)
        /// The Kafka topic of this name: of any cluster, or only of the one with this ARN, or, for a cluster that is not
        /// MSK's, with this bootstrap server (`host:port`).
        case kafka(topic: String, cluster: String?)
    }

    /// How records are written.
    public enum Decoder: String, CaseIterable, Sendable {
        /// One JSON object a record (RFC 8259).
        case json
        /// Alpaca's latest bars by symbol, `{"bars":{"BTC/USD":{"t":…,"c":…}}}`: the highest closing price of each
        /// asset and window becomes a row.
        case bars
    }

    /// What becomes of a record that cannot be decoded.
    public enum BadRecordPolicy: String, CaseIterable, Sendable {
        /// It goes to the dead-letter table, and the others go on.
        case deadLetter = "dead-letter"
        /// It is counted and forgotten.
        case drop
        /// The batch stops before it, and is retried.
        case fail
    }

    /// The name in this lake, unique.
    public let name: String
    /// Where records come from.
    public let source: Source
    /// Where rows go.
    public let table: TableIdentifier
    /// How records are written.
    public let decoder: Decoder
    /// What becomes of a record that cannot be decoded.
    public let onBadRecord: BadRecordPolicy
    /// The windows of ``Decoder/bars``.
    public var window = WindowDefinition.standard
    /// The Elasticsearch index that kafka-elastic fills from this stream; nil if it takes no part.
    public var index: String?
    /// How its topic is made, if it is one of Kafka.
    public var topic = TopicDefinition.standard
    /// How many shards a Kinesis stream of a name has.
    public var shards = 1
    /// What edge-gateway takes for it; nil if it takes nothing.
    public var gateway: GatewayDefinition?
    /// What detect-anomalies looks for in it; nil if for nothing.
    public var alerts: AlertsDefinition?

    /// Whether records of the Kinesis stream of this ARN belong to this stream.
    public func matches(kinesisARN arn: String) -> Bool {
        switch source {
        case .kinesisARN(let expected): return arn == expected
        case .kinesisName(let name):
            // arn:PARTITION:kinesis:REGION:ACCOUNT:stream/NAME
            let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
            return parts.count == 6 && parts[0] == "arn" && parts[2] == "kinesis" && parts[5] == "stream/\(name)"
        case .kafka: return false
        }
    }
}
