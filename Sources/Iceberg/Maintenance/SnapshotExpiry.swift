/// Which snapshots an append takes out of the history, and what falls with them.
///
/// Only the oldest snapshots go, and only while they appended: the first one that deleted or replaced files ends it,
/// because expiring that one must delete data files too, which is upkeep's work. So no data file is ever deleted here.
struct SnapshotExpiry {
    /// A snapshot that merged manifests, beside its expired parent: what the parent's list has and its own lacks, no
    /// snapshot needs any more.
    struct MergeBoundary: Equatable {
        /// The parent's manifest list.
        var before: String
        /// The child's.
        var after: String
        /// When the child became current, in milliseconds since the epoch.
        var sinceMs: Int64
    }

    /// Oldest first.
    private(set) var expired: [Snapshot] = []
    /// Their manifest lists.
    private(set) var manifestLists: [SupersededFiles.File] = []
    private(set) var mergeBoundaries: [MergeBoundary] = []

    /// Decides for a table whose current snapshot is the new one.
    init(of metadata: TableMetadata, _ settings: CommitSettings, nowMs: Int64) {
        var ancestors = Ancestry(metadata)
        var places: [Int] = []
        while let place = ancestors.next() { places.append(place) }
        let main = metadata.refs["main"]
        let keptCount = max(1, main?.minSnapshotsToKeep ?? settings.snapshotMinimumCount)
        let maximumAgeMs = main?.maxSnapshotAgeMs ?? settings.snapshotMaximumAgeMs
        let protected = Self.protected(metadata)

        var children: [Snapshot] = []
        // How many younger ancestors the newest expired snapshot has.
        var younger = 0
        for depth in places.indices.reversed() {
            let snapshot = metadata.snapshots[places[depth]]
            let isOld = nowMs.subtractingReportingOverflow(snapshot.timestampMs).partialValue > maximumAgeMs
            let isBeyondCount = depth >= settings.snapshotMaximumCount
            guard depth >= keptCount, isOld || isBeyondCount, snapshot.summary.operation == "append" else { break }
            if protected.contains(snapshot.snapshotID) { continue }
            expired.append(snapshot)
            children.append(metadata.snapshots[places[depth - 1]])
            younger = depth
        }
        guard !expired.isEmpty else { return }
        let ids = Set(expired.map(\.snapshotID))
        let expiredLists = Set(expired.map(\.manifestList))
        var retainedLists: Set<String> = []
        for snapshot in metadata.snapshots where expiredLists.contains(snapshot.manifestList) {
            if !ids.contains(snapshot.snapshotID) { retainedLists.insert(snapshot.manifestList) }
        }
        for (snapshot, child) in zip(expired, children) where !retainedLists.contains(snapshot.manifestList) {
            manifestLists.append(.init(location: snapshot.manifestList, sinceMs: child.timestampMs))
        }
        // A tag, a branch or a staged snapshot that is kept may still need what a merge replaced on main; then those
        // manifests are left to orphan cleanup, which reads every list.
        guard metadata.snapshots.count - ids.count == younger else { return }
        for (snapshot, child) in zip(expired, children) {
            let replaced = child.summary.properties["manifests-replaced"].flatMap { Int64($0) } ?? 0
            guard replaced > 0, child.summary.operation == "append" else { continue }
            mergeBoundaries.append(
                MergeBoundary(before: snapshot.manifestList, after: child.manifestList, sinceMs: child.timestampMs))
        }
    }

    /// Snapshots that a tag names, and those that a branch other than main reaches.
    private static func protected(_ metadata: TableMetadata) -> Set<Int64> {
        var kept: Set<Int64> = []
        for (name, reference) in metadata.refs where name != "main" {
            var next: Int64? = reference.snapshotID
            while let id = next, kept.insert(id).inserted {
                next = reference.kind == .branch ? metadata.snapshot(id: id)?.parentSnapshotID : nil
            }
        }
        return kept
    }

    /// Takes the expired snapshots out of the metadata.
    func apply(to metadata: inout TableMetadata) {
        metadata.forget(Set(expired.map(\.snapshotID)))
    }
}
