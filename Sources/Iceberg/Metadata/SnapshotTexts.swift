internal import JSON

/// The JSON texts of a history's snapshots. A snapshot never changes, and most of a metadata file is snapshots, so each
/// commit of a warm process writes out one of them and copies the others.
struct SnapshotTexts {
    private var texts: [Int64: [UInt8]] = [:]

    /// The text of a snapshot, made on first need.
    mutating func text(of snapshot: Snapshot) -> [UInt8] {
        if let text = texts[snapshot.snapshotID] { return text }
        var writer = JSONWriter()
        snapshot.write(to: &writer)
        texts[snapshot.snapshotID] = writer.bytes
        return writer.bytes
    }

    /// Forgets snapshots that have left the history.
    mutating func remove(_ snapshots: [Snapshot]) {
        for snapshot in snapshots { texts[snapshot.snapshotID] = nil }
    }
}
