internal import Iceberg

/// The windows that a table's snapshots keep, one entry for each topic partition, so that functions which take different
/// partitions at once have no entry in common.
struct WindowStates {
    private let metadata: TableMetadata
    private let prefix: String

    /// - Parameter source: identity of the source, such as the cluster's ARN.
    init(of source: String, in metadata: TableMetadata) {
        self.metadata = metadata
        prefix = "swiftlake.state.windows.\(source)/"
    }

    /// Name of a partition's entry in the snapshot summary.
    /// - Parameter shard: topic and partition.
    func name(_ shard: String) -> String { prefix + shard }

    /// A partition's windows; nil if the table has none of it.
    /// - Throws: ``IcebergError/Code/malformed`` if the entry is damaged.
    func windows(_ shard: String) throws(IcebergError) -> QuoteWindows? {
        guard let text = metadata.inheritedState(name(shard)) else { return nil }
        do {
            return try QuoteWindows(parsing: text)
        } catch {
            throw error.at(name(shard))
        }
    }

    /// The windows of the other partitions of a topic.
    /// - Parameter shards: partitions that are left out. So are entries that are damaged: the function that takes such a
    ///   partition says so, and the others need not stop.
    func neighbours(ofTopic topic: String, except shards: some Collection<String>) -> [QuoteWindows] {
        // Every commit of ours carries all entries on, so the newest snapshot with one has them all.
        guard
            let entries = metadata.ancestry.lazy.map(\.summary.properties)
                .first(where: { $0.keys.contains { $0.hasPrefix(prefix) } })
        else { return [] }
        return entries.compactMap { name, text in
            guard name.hasPrefix(prefix) else { return nil }
            let shard = String(name.dropFirst(prefix.count))
            guard Self.topic(of: shard) == topic, !shards.contains(shard) else { return nil }
            return try? QuoteWindows(parsing: text)
        }
    }

    /// The topic of a topic partition, whose number stands behind the last hyphen.
    static func topic(of shard: String) -> String? {
        guard let hyphen = shard.lastIndex(of: "-"), Int32(shard[shard.index(after: hyphen)...]) != nil else {
            return nil
        }
        return String(shard[..<hyphen])
    }
}
