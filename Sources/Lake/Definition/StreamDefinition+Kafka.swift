extension StreamDefinition {
    /// Whether its records come from Kafka.
    public var isOfKafka: Bool { if case .kafka = source { true } else { false } }

    /// The identity of a Kafka cluster, under which the table stores the offsets of its topics: an MSK cluster's ARN;
    /// of any other the stream's own word for it, or else its bootstrap servers in order; nil if there are none.
    func kafkaIdentity(clusterARN: String?, _ bootstrapServers: [String]) -> String? {
        if let clusterARN { return clusterARN }
        if case .kafka(_, let cluster?) = source { return cluster }
        return bootstrapServers.isEmpty ? nil : bootstrapServers.sorted().joined(separator: ",")
    }
}

extension LakeDefinition {
    /// The stream that records of this Kafka topic belong to. One that names the cluster comes before one that takes
    /// the topic of any.
    /// - Parameters:
    ///   - clusterARN: the ARN of the MSK cluster; nil for another cluster.
    ///   - bootstrapServers: each as `host:port`.
    public func stream(
        kafkaTopic topic: String, clusterARN: String?, bootstrapServers: [String]
    ) -> StreamDefinition? {
        let names = clusterARN.map { [$0] } ?? bootstrapServers
        let own = streams.first { stream in
            names.contains { stream.source == .kafka(topic: topic, cluster: $0) }
        }
        return own ?? streams.first { $0.source == .kafka(topic: topic, cluster: nil) }
    }
}
