internal import Iceberg

/// A snapshot, and what it took from its sources.
struct InspectedSnapshot {
    let snapshot: Snapshot
    /// The records that this snapshot took: the shards whose watermark it moved.
    let steps: [Step]

    /// One shard's records that a snapshot took.
    struct Step: Equatable {
        let source: String
        let shard: String
        let watermark: Watermark
        /// Whether the record that was taken before these is the last that the ancestors took, as far as they are left.
        let isWhole: Bool
    }

    /// A number of the summary, such as `added-records`.
    func count(_ name: String) -> Int64? { snapshot.summary.properties[name].flatMap { Int64($0) } }
}

/// The offsets that a snapshot inherits: of every source those of the nearest ancestor that has any. Snapshots that
/// other engines commit have none, and change nothing.
struct InheritedOffsets {
    /// Watermarks as the summaries have them, by the name of their entry.
    private var texts: [String: String] = [:]
    /// Whether ancestors are missing, because somebody expired them: what came before cannot be told.
    private let isCut: Bool

    /// What the oldest snapshot that is left of a history inherits. Some writers take the parent's id away with the
    /// parent; but only a table's first snapshot has the sequence number 1.
    init(before oldest: Snapshot) { isCut = oldest.parentSnapshotID != nil || oldest.sequenceNumber > 1 }

    /// What the children of a snapshot inherit that inherits this.
    func overlaid(by snapshot: Snapshot) -> InheritedOffsets {
        var next = self
        for (name, text) in snapshot.summary.properties where name.hasPrefix(Watermarks.keyPrefix) {
            next.texts[name] = text
        }
        return next
    }

    /// The watermarks that a snapshot moved.
    func steps(to snapshot: Snapshot) -> [InspectedSnapshot.Step] {
        let names = snapshot.summary.properties.keys.filter { $0.hasPrefix(Watermarks.keyPrefix) }
        return names.sorted().flatMap { name -> [InspectedSnapshot.Step] in
            guard let after = Self.watermarks(name, snapshot.summary.properties[name]) else { return [] }
            let before = Self.watermarks(name, texts[name])
            return after.shards.sorted { $0.key < $1.key }.compactMap { shard, mark in
                let last = before?.shards[shard]
                guard mark != last else { return nil }
                // Without an ancestor that has the source's offsets, a first commit must begin anew.
                let isWhole = before == nil && isCut || last?.last == mark.previous
                return InspectedSnapshot.Step(source: after.source, shard: shard, watermark: mark, isWhole: isWhole)
            }
        }
    }

    private static func watermarks(_ name: String, _ text: String?) -> Watermarks? {
        text.flatMap { try? Watermarks(source: String(name.dropFirst(Watermarks.keyPrefix.count)), parsing: $0) }
    }
}
