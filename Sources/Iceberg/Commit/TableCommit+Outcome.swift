extension TableCommit {
    /// Wave 2 has been answered.
    mutating func swapped(_ outcome: SwapOutcome, _ draw: CommitDraw) -> Action {
        guard let base, let proposal, let settings else { return fail(Self.misused) }
        switch outcome {
        case .done:
            return succeed(proposal.state, isOwn: true)
        case .doneAs(let entry):
            guard let state = proposal.state.written(as: entry) else {
                return succeed(proposal.state, isOwn: true, isNewest: false)
            }
            return succeed(state, isOwn: true)
        case .conflict where isUnsettled:
            return load()
        case .conflict:
            return retry(draw)
        case .failed(let error):
            guard isUnsettled else { return fail(error) }
            lastFault = error
            return load()
        case .unknown(let error):
            isUnsettled = true
            lastFault = error
            swapFault = error
            unknowns += 1
            let pause = settings.wait(beforeAttempt: unknowns, random: draw.number)
            guard unknowns <= settings.statusChecks, hasTime(toWait: pause, draw) else { return load() }
            swaps += 1
            return wait(pause, then: .swap(from: base.version, to: proposal.state.version), .swapping)
        }
    }

    /// The newest version has been read: at the start, after a conflict, or to settle an unknown outcome.
    mutating func loaded(_ result: Result<TableState, IcebergError>, _ draw: CommitDraw) -> Action {
        switch result {
        case .failure(let error):
            lastFault = error
            lastLoaded = nil
            return cannotLoad(error, draw)
        case .success(let state):
            lastLoaded = state
            // A catalog may refuse as a conflict what it carried out a moment before, where something between here and
            // its database sends again. The table's word counts for more.
            if swaps > 0, isOurs(state) { return succeed(state, isOwn: true) }
            if let surrender { return fail(surrender) }
            guard isUnsettled, let base else { return plan(on: state, draw) }
            switch verdict(state, base) {
            case .covered: return succeed(state, isOwn: false)
            case .lost:
                isUnsettled = false
                unknowns = 0
                return retry(draw, on: state)
            case .replaced:
                // No word on which versions came between: ours may be one that a retained file still names.
                written.removeAll { self.proposal?.attemptFiles.contains($0) ?? false }
                self.proposal?.attemptFiles = []
                isUnsettled = false
                unknowns = 0
                return retry(draw, on: state)
            case .unprovable: return .finish(.failure(unknownOutcome))
            }
        }
    }

    /// Whether our version is the current one or one of its ancestors.
    private func isOurs(_ state: TableState) -> Bool {
        guard let location = proposal?.state.location else { return false }
        let metadata = state.metadata
        return state.location == location || metadata.snapshot(id: snapshotID) != nil
            || metadata.metadataLog.contains { $0.metadataFile == location }
    }

    /// What a later version of the table, which is not ours, proves about a swap whose answer was lost.
    private enum Verdict {
        /// All our offsets are in, by our own commit or by another writer's of the same records.
        case covered
        /// The base has been replaced by others: our swap did not happen, and no longer can.
        case lost
        /// The base has been replaced, perhaps by ours, and what is to be done can be told from the new version alone.
        case replaced
        /// Nothing can be said.
        case unprovable
    }

    private func verdict(_ state: TableState, _ base: TableState) -> Verdict {
        let metadata = state.metadata
        guard let append else {
            guard state.location != base.location else { return .unprovable }
            return metadata.metadataLog.contains { $0.metadataFile == base.location } ? .lost : .replaced
        }
        // The base is still current, so a swap that is still on its way may yet succeed. A catalog that takes changes
        // asks for main's head alone, which another writer's change of properties leaves as it was.
        guard state.location != base.location,
            !catalogWritesMetadata || metadata.tableUUID != base.metadata.tableUUID
                || metadata.currentSnapshotID != base.metadata.currentSnapshotID
        else { return .unprovable }
        if let expected = append.watermarks, !append.offsets.isEmpty {
            guard let current = try? Watermarks(of: expected.source, in: metadata) else { return .unprovable }
            return current.cover(append.offsets) ? .covered : .lost
        }
        // Without offsets the log must show every version since the base: ours is not among them.
        return metadata.metadataLog.contains { $0.metadataFile == base.location } ? .lost : .unprovable
    }

    /// Waits and starts over on the newest version, or gives up.
    /// - Parameter state: the newest version, if it has been read already.
    private mutating func retry(_ draw: CommitDraw, on state: TableState? = nil) -> Action {
        guard let proposal, let settings else { return fail(Self.misused) }
        conflicts += 1
        losers += proposal.attemptFiles
        guard conflicts <= settings.retries, draw.nowMs &- startedMs <= settings.totalWaitMs else {
            return giveUp(
                IcebergError(
                    .conflict,
                    "other writers came first \(conflicts) times; retry, or raise commit.retry.num-retries on the table"
                ), isRead: state != nil)
        }
        let pause = state == nil ? settings.wait(beforeAttempt: conflicts, random: draw.number) : 0
        guard hasTime(toWait: pause, draw) else {
            return giveUp(
                IcebergError(
                    .conflict,
                    "other writers came first \(conflicts) times, and the deadline leaves no time for another try; retry"
                ), isRead: state != nil)
        }
        if let state { return plan(on: state, draw) }
        return wait(pause, then: .load, .loading)
    }

    /// Ends after a conflict. Nothing is deleted on the catalog's word alone: the table is read before, unless it was.
    private mutating func giveUp(_ error: IcebergError, isRead: Bool) -> Action {
        guard !isRead else { return fail(error) }
        surrender = error
        return load()
    }

    private mutating func cannotLoad(_ error: IcebergError, _ draw: CommitDraw) -> Action {
        guard let settings else { return fail(error) }
        unknowns += 1
        let pause = settings.wait(beforeAttempt: unknowns, random: draw.number)
        if error.code == .unavailable, unknowns <= settings.statusChecks + settings.retries,
            hasTime(toWait: pause, draw)
        {
            return wait(pause, then: .load, .loading)
        }
        if isUnsettled { return .finish(.failure(unknownOutcome)) }
        // After a swap, files are kept that no reading of the table has proven to be unreferenced.
        return swaps > 0 ? .finish(.failure(surrender ?? error)) : fail(error)
    }

    private var unknownOutcome: IcebergError {
        let reason = (swapFault ?? lastFault).map { ": \($0)" } ?? ""
        return IcebergError(
            .unknownOutcome,
            "it is not known whether the commit is in the table; its files are kept, and sending the same records "
                + "again settles it\(reason)")
    }

    /// - Parameter isNewest: whether the next commit may go on from the state.
    private mutating func succeed(_ state: TableState, isOwn: Bool, isNewest: Bool = true) -> Action {
        guard let proposal else { return fail(Self.misused) }
        var committed = Committed(report: report(on: state, isOwn: isOwn), state: state, isNewest: isNewest)
        if isOwn {
            committed.superseded = proposal.superseded
            committed.mergeBoundaries = proposal.expiry?.mergeBoundaries ?? []
        }
        return finish(.success(committed), deleting: losers.filter { !proposal.attemptFiles.contains($0) })
    }

    /// Ends a revision of a version that is as it should be.
    mutating func finishUnchanged(_ state: TableState) -> Action {
        let committed = Committed(report: report(on: state, isOwn: false), state: state, isChanged: false)
        return finish(.success(committed), deleting: losers)
    }

    private func report(on state: TableState, isOwn: Bool) -> CommitReport {
        let ownAppend = isOwn ? append : nil
        let isOwnSnapshot = ownAppend != nil
        let own = isOwnSnapshot ? state.metadata.snapshot(id: snapshotID) : nil
        return CommitReport(
            outcome: isOwn ? .committed : .covered,
            snapshotID: isOwnSnapshot ? snapshotID : state.metadata.currentSnapshotID ?? 0,
            sequenceNumber: own?.sequenceNumber
                ?? (isOwnSnapshot ? proposal?.sequenceNumber : nil) ?? state.metadata.lastSequenceNumber,
            metadataLocation: state.location, attempts: swaps,
            addedFiles: ownAppend?.files.count ?? 0,
            addedRecords: ownAppend?.files.reduce(0) { $0 &+ $1.dataFile.recordCount } ?? 0,
            mergedManifests: isOwn ? merged?.replaced.count ?? 0 : 0,
            mergeFault: mergeFault, expiredSnapshots: isOwn ? proposal?.expiry?.expired.count ?? 0 : 0,
            deletedFiles: 0, undeletedFiles: [])
    }
}
