/// Walks from a table's current snapshot to its oldest ancestor that has not expired, as places in the list of
/// snapshots. Writers append snapshots, so a parent is nearly always the one before; only where it is not, every place
/// is looked up.
struct Ancestry: IteratorProtocol {
    private let snapshots: [Snapshot]
    private var nextID: Int64?
    /// Where the parent of the last one is expected.
    private var expected: Int
    private var places: [Int64: Int]?
    /// A damaged file could hold a circle of parents: no more steps than there are snapshots.
    private var stepsLeft: Int

    init(_ metadata: TableMetadata) {
        snapshots = metadata.snapshots
        nextID = metadata.currentSnapshotID
        expected = snapshots.count - 1
        stepsLeft = snapshots.count
    }

    mutating func next() -> Int? {
        guard let id = nextID, stepsLeft > 0, let place = place(of: id) else { return nil }
        stepsLeft -= 1
        expected = place - 1
        nextID = snapshots[place].parentSnapshotID
        return place
    }

    private mutating func place(of id: Int64) -> Int? {
        if expected >= 0, snapshots[expected].snapshotID == id { return expected }
        if places == nil {
            places = Dictionary(zip(snapshots.map(\.snapshotID), snapshots.indices), uniquingKeysWith: { $1 })
        }
        return places?[id]
    }
}

extension TableMetadata {
    /// The current snapshot and its ancestors, newest first, as far as they have not expired.
    public var ancestry: [Snapshot] {
        var ancestors = Ancestry(self)
        var found: [Snapshot] = []
        while let place = ancestors.next() { found.append(snapshots[place]) }
        return found
    }
}
