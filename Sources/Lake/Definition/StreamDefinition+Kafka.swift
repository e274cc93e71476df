extension StreamDefinition {
    /// Whether its records come from Kafka.
    public var isOfKafka: Bool { if case .kafka = source { true } else { false } }

    /// The identity of a Kafka cluster, under which the table stores the offsets of its topics: an MSK cluster's ARN;
    /// of any other the stream's own word for it, or else its bootstrap servers in order; nil if it has neither.
    func kafkaIdentity(clusterARN: String?, _ bootstrapServers: [String]) -> String? {
        if let clusterARN { return clusterARN.isEmpty ? nil : clusterARN }
        if case .kafka(_, let cluster?) = source { return cluster }
        return bootstrapServers.isEmpty ? nil : bootstrapServers.sorted().joined(separator: ",")
    }
}
