/// One commit, from the version it starts on to one of its four endings: done, conflict (reload, check, rebuild, swap
/// again), failed (delete what was written) or unknown (settle it, and delete nothing that may be in use).
///
/// It takes events and answers with the next action; a driver does the input and output. Time and randomness come with
/// each event, so a commit can be replayed step by step.
struct TableCommit {
    /// What is to be committed.
    enum Work {
        case append(Append)
        /// A change of the metadata alone, which adds no snapshot. The driver makes it, for each version anew.
        case revision(deadlineMs: Int64?)
    }

    /// What the driver is to do next.
    enum Action {
        /// Read the table's newest version.
        case load
        /// Make the revised metadata of a version, or say that it is as it should be.
        case revise(TableMetadata)
        /// Read manifests whole.
        case read([ManifestFile])
        /// Create files, all at once if the store can.
        case put([NewFile])
        /// Swap the catalog's pointer.
        case swap(from: TableVersion, to: TableVersion)
        /// Wait, in milliseconds.
        case wait(Int64)
        /// Delete files that nothing refers to.
        case delete([String])
        /// The commit has ended.
        case finish(Result<Committed, IcebergError>)
    }

    /// What has happened.
    enum Event {
        case started
        case loaded(Result<TableState, IcebergError>)
        case revised(Result<TableMetadata?, IcebergError>)
        case read(Result<[[UInt8]], IcebergError>)
        case put([PutResult])
        case swapped(SwapOutcome)
        case waited
        case deleted
    }

    /// A commit that is in the table.
    struct Committed {
        var report: CommitReport
        /// The version that the commit made.
        var state: TableState
        /// Whether this commit swapped anything; a revision need not.
        var isChanged = true
        /// Whether it is as the catalog has it, to go on from; otherwise it is to be loaded.
        var isNewest = true
        /// Files that this commit superseded.
        var superseded: [SupersededFiles.File] = []
        /// Where manifests were merged between snapshots that this commit expired and their children.
        var mergeBoundaries: [SnapshotExpiry.MergeBoundary] = []
    }

    /// What the machine waits for; a wait says what follows it.
    enum Phase {
        case idle
        case loading
        case revising
        case reading(ManifestMerge)
        case putting([NewFile], tries: Int)
        case swapping
        indirect case waiting(then: Action, Phase)
        case deleting(then: Result<Committed, IcebergError>)
    }

    let work: Work
    /// Whether the catalog writes the metadata file.
    let catalogWritesMetadata: Bool
    let snapshotID: Int64
    /// Part of the names of the manifests and manifest lists of this commit.
    let commitUUID: String
    let startedMs: Int64
    var phase = Phase.idle
    /// The version that this attempt builds on.
    var base: TableState?
    /// The newest version that this commit has read itself.
    var lastLoaded: TableState?
    var settings: CommitSettings?
    /// The manifest of the new files; made once, and kept over conflicts, because its entries inherit their numbers.
    var manifest: EncodedManifest?
    /// Manifests merged into one by this commit; kept over conflicts while the merged ones are still there.
    var merged: MergedManifest?
    /// Set once a merge has been considered: a second one is not worth another wave.
    var hasConsideredMerge = false
    var mergeFault: IcebergError?
    var proposal: Proposal?
    /// Files that were put, or may have been, and that only this commit can refer to.
    var written: [String] = []
    /// Those of them that belong to attempts that certainly lost.
    var losers: [String] = []
    /// Swaps that certainly lost.
    var conflicts = 0
    /// Swaps sent, the same one sent again included.
    var swaps = 0
    /// Answers of unknown outcome to the current proposal's swap, and reloads that failed while it is unsettled.
    var unknowns = 0
    var isUnsettled = false
    var lastFault: IcebergError?
    /// What was said when the outcome of the current proposal's swap was lost: its cause, whatever fails after it.
    var swapFault: IcebergError?
    /// Why the commit gives up after a conflict, while the table is read for the last time.
    var surrender: IcebergError?

    /// - Parameter state: the version that is cached; nil to load one first.
    init(_ work: Work, on state: TableState?, catalogWritesMetadata: Bool = false, _ draw: CommitDraw) {
        self.work = work
        self.catalogWritesMetadata = catalogWritesMetadata
        base = state
        // Zero and negative ids are not given out.
        snapshotID = max(1, Int64(truncatingIfNeeded: draw.number & UInt64(Int64.max)))
        commitUUID = draw.uuid
        startedMs = draw.nowMs
    }

    /// Takes what has happened, and says what is next.
    mutating func handle(_ event: Event, _ draw: CommitDraw) -> Action {
        switch (phase, event) {
        case (.idle, .started):
            guard let base else { return load() }
            return plan(on: base, draw)
        case (.loading, .loaded(let result)): return loaded(result, draw)
        case (.revising, .revised(let result)): return revised(result, draw)
        case (.reading(let merge), .read(let result)): return read(merge, result, draw)
        case (.putting(let files, let tries), .put(let results)): return put(files, results, tries, draw)
        case (.swapping, .swapped(let outcome)): return swapped(outcome, draw)
        case (.waiting(let action, let next), .waited):
            phase = next
            return action
        case (.deleting(let result), .deleted): return .finish(result)
        default: preconditionFailure("the event does not answer the last action")
        }
    }

    mutating func load() -> Action {
        phase = .loading
        return .load
    }

    /// The append, unless the work is a revision.
    var append: Append? {
        if case .append(let append) = work { append } else { nil }
    }

    private var deadlineMs: Int64? {
        switch work {
        case .append(let append): append.deadlineMs
        case .revision(let deadlineMs): deadlineMs
        }
    }

    /// Whether the caller's deadline is later than the end of a wait.
    func hasTime(toWait milliseconds: Int64, _ draw: CommitDraw) -> Bool {
        guard let deadlineMs else { return true }
        let (end, overflows) = draw.nowMs.addingReportingOverflow(milliseconds)
        return !overflows && end < deadlineMs
    }

    /// Waits, then acts.
    mutating func wait(_ milliseconds: Int64, then action: Action, _ next: Phase) -> Action {
        guard milliseconds > 0 else {
            phase = next
            return action
        }
        phase = .waiting(then: action, next)
        return .wait(milliseconds)
    }

    /// Ends without a commit, which is certain: everything that was written is unreferenced and is deleted.
    mutating func fail(_ error: IcebergError) -> Action {
        finish(.failure(error), deleting: written)
    }

    /// Ends, after deleting files that are certain to be unreferenced.
    mutating func finish(_ result: Result<Committed, IcebergError>, deleting files: [String]) -> Action {
        guard !files.isEmpty else { return .finish(result) }
        phase = .deleting(then: result)
        return .delete(files)
    }
}
