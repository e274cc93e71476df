/// Which snapshots and references leave a table ("Snapshot Retention Policy"), whatever the snapshots did.
///
/// A branch keeps an unbroken line from its head: as many snapshots as it must, those that are young, and those that
/// were superseded so recently that a reader may still use them. Main keeps no more than its maximum of them. What no
/// branch or tag reaches stays while it is young.
struct ExpiryPlan {
    /// In the order of the metadata.
    private(set) var expired: [Snapshot] = []
    /// By name.
    private(set) var removedReferences: [String] = []
    /// The metadata without them, which holds what offsets and state only they had.
    private(set) var revised: TableMetadata

    /// The bounds that hold where a branch has none of its own.
    struct Limits {
        var maximumAgeMs: Int64
        var minimumCount: Int
        var maximumCount: Int
        var minimumSupersededMs: Int64
        var referenceMaximumAgeMs: Int64

        init(_ options: ExpiryOptions, _ settings: CommitSettings) {
            maximumAgeMs = options.maximumAgeMs ?? settings.snapshotMaximumAgeMs
            minimumCount = options.minimumCount ?? settings.snapshotMinimumCount
            maximumCount = options.maximumCount ?? settings.snapshotMaximumCount
            minimumSupersededMs = options.minimumSupersededMs ?? settings.deletionMinimumAgeMs
            referenceMaximumAgeMs = settings.referenceMaximumAgeMs
        }
    }

    /// Decides for a version at a time.
    init(of metadata: TableMetadata, _ limits: Limits, nowMs: Int64) {
        revised = metadata
        let history = SnapshotHistory(metadata)
        var kept: Set<Int64> = []
        var reached: Set<Int64> = []
        for (name, reference) in metadata.refs.sorted(by: { $0.key < $1.key }) {
            let age = Self.age(of: metadata.snapshot(id: reference.snapshotID)?.timestampMs, nowMs)
            if name != "main", age > reference.maxRefAgeMs ?? limits.referenceMaximumAgeMs {
                removedReferences.append(name)
                revised.refs[name] = nil
                continue
            }
            kept.insert(reference.snapshotID)
            reached.insert(reference.snapshotID)
            guard reference.kind == .branch else { continue }
            let line = history.line(from: reference.snapshotID)
            reached.formUnion(line.map(\.snapshotID))
            let count = Self.keptCount(line, reference, limits, isMain: name == "main", nowMs)
            kept.formUnion(line.prefix(count).map(\.snapshotID))
        }
        for snapshot in metadata.snapshots where !reached.contains(snapshot.snapshotID) {
            let age = Self.age(of: snapshot.timestampMs, nowMs)
            if age <= max(limits.maximumAgeMs, limits.minimumSupersededMs) { kept.insert(snapshot.snapshotID) }
        }
        forget(metadata, allBut: kept)
    }

    /// How many snapshots of a branch stay, from its head.
    private static func keptCount(
        _ line: [Snapshot], _ reference: SnapshotReference, _ limits: Limits, isMain: Bool, _ nowMs: Int64
    ) -> Int {
        let minimum = max(1, reference.minSnapshotsToKeep ?? limits.minimumCount)
        let maximumAgeMs = reference.maxSnapshotAgeMs ?? limits.maximumAgeMs
        let maximum = isMain ? max(1, limits.maximumCount) : Int.max
        let last = line.indices.last { depth in
            if depth < minimum { return true }
            // Clocks of writers differ: the line ends behind the last one that must stay.
            if age(of: line[depth - 1].timestampMs, nowMs) < limits.minimumSupersededMs { return true }
            return depth < maximum && age(of: line[depth].timestampMs, nowMs) <= maximumAgeMs
        }
        return last.map { $0 + 1 } ?? 0
    }

    /// Forgets what is not kept. Offsets and state that only expired snapshots had move to the properties that mirror
    /// them; where a mirror would not be believed, the line stays as far as it is needed.
    private mutating func forget(_ metadata: TableMetadata, allBut kept: Set<Int64>) {
        let inherited = InheritedSummary.of(metadata)
        // A mirror that nothing believes would seem to be true once what contradicts it has expired.
        revised.properties = revised.properties.filter { name, _ in
            !InheritedSummary.isInherited(name) || inherited[name] != nil
        }
        var kept = kept
        let line = SnapshotHistory(metadata).line(from: metadata.currentSnapshotID)
        for depth in -1..<line.count {
            if depth >= 0 {
                guard kept.insert(line[depth].snapshotID).inserted else { continue }
            }
            var next = revised
            next.forget(Set(metadata.snapshots.map(\.snapshotID)).subtracting(kept))
            for (name, value) in inherited where !next.ancestry.contains(where: { $0.summary.properties[name] != nil })
            {
                next.properties[name] = value
            }
            guard InheritedSummary.of(next) == inherited else { continue }
            revised = next
            expired = metadata.snapshots.filter { !kept.contains($0.snapshotID) }
            return
        }
    }

    private static func age(of timestampMs: Int64?, _ nowMs: Int64) -> Int64 {
        guard let timestampMs else { return 0 }
        let (age, overflows) = nowMs.subtractingReportingOverflow(timestampMs)
        return overflows ? (nowMs > timestampMs ? .max : .min) : age
    }
}

/// Snapshots by id, to follow many lines of parents.
private struct SnapshotHistory {
    private let snapshots: [Int64: Snapshot]

    init(_ metadata: TableMetadata) {
        snapshots = Dictionary(metadata.snapshots.map { ($0.snapshotID, $0) }, uniquingKeysWith: { $1 })
    }

    /// A snapshot and its ancestors, newest first, as far as they have not expired.
    func line(from id: Int64?) -> [Snapshot] {
        var line: [Snapshot] = []
        var next = id
        // A damaged file could hold a circle of parents.
        while let id = next, line.count < snapshots.count, let snapshot = snapshots[id] {
            line.append(snapshot)
            next = snapshot.parentSnapshotID
        }
        return line
    }
}
