internal import Iceberg

/// What the snapshots of a table of alerts keep of one stream: an entry for each shard, and one for each source.
struct AlertStates {
    let metadata: TableMetadata
    private let rules: AlertRules
    private let stream: String

    private static let shardPrefix = "swiftlake.state.alerts."
    private static let silencePrefix = "swiftlake.state.silence."

    /// - Parameters:
    ///   - stream: name of the stream in the definition.
    ///   - metadata: the table as it is now.
    init(_ rules: AlertRules, stream: String, in metadata: TableMetadata) {
        self.rules = rules
        self.stream = stream
        self.metadata = metadata
    }

    /// Name of a shard's entry in the snapshot summary.
    static func name(_ source: String, _ shard: String) -> String { "\(shardPrefix)\(source)/\(shard)" }

    /// Name of the entry about a source's silent keys.
    static func silenceName(_ source: String) -> String { silencePrefix + source }

    /// What is known of a shard; nothing if no record of it has been taken.
    /// - Throws: ``IcebergError/Code/malformed`` if the entry is damaged.
    func shard(_ source: String, _ shard: String) throws(IcebergError) -> ShardState {
        let name = Self.name(source, shard)
        guard let text = metadata.inheritedState(name) else { return ShardState() }
        do {
            return try ShardState(parsing: text, rules, stream: stream)
        } catch {
            throw error.at(name)
        }
    }

    /// What is known of a source's silent keys.
    /// - Throws: ``IcebergError/Code/malformed`` if the entry is damaged.
    func silence(_ source: String) throws(IcebergError) -> SilenceState {
        let name = Self.silenceName(source)
        guard let text = metadata.inheritedState(name) else { return SilenceState() }
        do {
            return try SilenceState(parsing: text, stream: stream)
        } catch {
            throw error.at(name)
        }
    }

    /// The sources that records have been taken of, with their shards, in order.
    func sources(where isOfStream: (String) -> Bool) -> [(source: String, shards: [String])] {
        var shards: [String: [String]] = [:]
        for name in names where name.hasPrefix(Self.shardPrefix) {
            let place = name.dropFirst(Self.shardPrefix.count)
            guard let slash = place.lastIndex(of: "/") else { continue }
            let source = String(place[..<slash])
            if isOfStream(source) { shards[source, default: []].append(String(place[place.index(after: slash)...])) }
        }
        return shards.sorted { $0.key < $1.key }.map { ($0.key, $0.value.sorted()) }
    }

    /// The other shards of a source. Entries that are damaged are left out: the function that takes such a shard says so,
    /// and the others need not stop.
    func neighbours(_ source: String, except shards: some Collection<String>) -> [ShardState] {
        (sources { $0 == source }.first?.shards ?? []).filter { !shards.contains($0) }
            .compactMap { try? shard(source, $0) }
    }

    /// Every commit of ours carries all entries on, so the newest snapshot with one has them all; the properties mirror
    /// them for when another engine has expired it.
    private var names: Set<String> {
        let newest = metadata.ancestry.lazy.map(\.summary.properties)
            .first { $0.keys.contains { $0.hasPrefix(Self.shardPrefix) } }
        return Set((newest ?? [:]).keys).union(metadata.properties.keys)
    }
}
