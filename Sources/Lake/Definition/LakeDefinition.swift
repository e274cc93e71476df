public import Iceberg

/// A lake as `lake.json` declares it: databases, tables, and the streams that fill them. Every reference in it is
/// known to be good.
public struct LakeDefinition: Equatable, Sendable {
    /// The databases in the file's order.
    public let databases: [DatabaseDefinition]
    /// The tables in the file's order.
    public let tables: [TableDefinition]
    /// The views in the file's order.
    public var views: [ViewDefinition] = []
    /// The streams in the file's order.
    public let streams: [StreamDefinition]
    /// Where records go that cannot be decoded. The table exists if any stream uses it.
    public let deadLetterTable: TableIdentifier
    /// The assets that the lake follows; nil if it follows none.
    public var assets: AssetsDefinition?
    /// The quotes that are polled; nil if none are.
    public var quotes: QuotesDefinition?
    /// What the clock starts, in the file's order.
    public var schedules: [ScheduleDefinition] = []

    /// The table of this name.
    public func table(_ identifier: TableIdentifier) -> TableDefinition? {
        tables.first { $0.identifier == identifier }
    }

    /// The stream that records of this Kinesis stream belong to. One that names the whole ARN comes before one that
    /// names only the stream.
    public func stream(kinesisARN arn: String) -> StreamDefinition? {
        streams.first { $0.source == .kinesisARN(arn) } ?? streams.first { $0.matches(kinesisARN: arn) }
    }

    /// The stream that records of this Kafka topic belong to. One that names their cluster comes before one that takes
    /// the topic from any.
    /// - Parameters:
    ///   - clusterARN: of a cluster of MSK; nil for one that its operators manage themselves.
    ///   - bootstrapServers: where the cluster is reached, each `host:port`.
    public func stream(
        kafkaTopic topic: String, clusterARN: String?, bootstrapServers: [String]
    ) -> StreamDefinition? {
        let clusters = (clusterARN.map { [$0] } ?? []) + bootstrapServers
        return streams.first { stream in
            guard case .kafka(topic, let cluster?) = stream.source else { return false }
            return clusters.contains(cluster)
        } ?? streams.first { $0.source == .kafka(topic: topic, cluster: nil) }
    }
}
