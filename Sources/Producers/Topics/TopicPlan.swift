internal import Lake

/// The topics that a definition wants on one cluster. Pure.
struct TopicPlan: Equatable {
    /// One topic.
    struct Entry: Equatable {
        /// Its name.
        let topic: String
        /// How it is made.
        let definition: TopicDefinition
        /// The databases that its records go to.
        var databases: Set<String>
        /// Why it is not of this cluster; nil if it is.
        let reasonToSkip: String?
    }

    /// The topics, in the definition's order, each once.
    let entries: [Entry]

    /// Reads a definition.
    /// - Parameters:
    ///   - servers: the bootstrap servers of the cluster.
    ///   - clusterARN: its ARN, if it is of MSK and the ARN is known.
    init(_ streams: [StreamDefinition], servers: [String], clusterARN: String?) {
        var entries: [Entry] = []
        for stream in streams {
            guard case .kafka(let topic, let cluster) = stream.source else { continue }
            let reason = cluster.flatMap { Self.reasonToSkip($0, servers, clusterARN) }
            var entry = Entry(
                topic: topic, definition: stream.topic, databases: [stream.table.namespace], reasonToSkip: reason)
            guard let place = entries.firstIndex(where: { $0.topic == topic }) else {
                entries.append(entry)
                continue
            }
            entry.databases.formUnion(entries[place].databases)
            entries[place].databases = entry.databases
            // A stream that names this cluster knows more of its topic than one of any; one of another knows nothing.
            if reason == nil, cluster != nil || entries[place].reasonToSkip != nil { entries[place] = entry }
        }
        self.entries = entries
    }

    private static func reasonToSkip(_ cluster: String, _ servers: [String], _ clusterARN: String?) -> String? {
        if cluster == clusterARN || servers.contains(cluster) { return nil }
        guard cluster.hasPrefix("arn:") else {
            return
                "it is of the cluster with the server \(cluster), which is none of \(BootstrapTopics.serversVariable)"
        }
        return clusterARN == nil
            ? "it is of the cluster \(cluster); if that is this one, say so in \(BootstrapTopics.clusterVariable)"
            : "it is of another cluster, \(cluster)"
    }
}
