/// A batch of records of one or more partitions, as Lambda's event source mappings for MSK and self-managed Kafka send
/// it.
public struct KafkaEvent: LambdaEvent, Sendable {
    /// Which kind of cluster the batch is from.
    public enum Source: String, Sendable {
        /// Amazon MSK; the event has the cluster's ARN.
        case msk = "aws:kafka"
        /// Any other cluster, known by its bootstrap servers.
        case selfManaged = "SelfManagedKafka"
    }

    /// Which kind of cluster the batch is from.
    public let source: Source
    /// The ARN of the MSK cluster; nil for a self-managed one.
    public let clusterARN: ByteView?
    /// The brokers, each as `host:port`, in the event's order.
    public let bootstrapServers: [String]
    /// The records: partition after partition, each in the order of its offsets.
    public let records: [KafkaRecord]

    /// Decodes a batch. One without records is an error: a mapping sends none.
    /// - Throws: ``EventError`` with the field that is wrong.
    public init(_ buffer: EventBuffer) throws(EventError) {
        var parser = KafkaEventParser(buffer)
        try parser.parse()
        guard let source = parser.source else {
            throw EventError(.missingField, "eventSource", "a Kafka batch has it, but here it is missing")
        }
        self.source = source
        if source == .msk {
            guard let range = parser.clusterARN else {
                throw EventError(.missingField, "eventSourceArn", "a batch of MSK has it, but here it is missing")
            }
            clusterARN = ByteView(buffer, range)
        } else {
            clusterARN = parser.clusterARN.map { ByteView(buffer, $0) }
        }
        bootstrapServers = parser.bootstrapServers
        records = parser.records
    }
}
