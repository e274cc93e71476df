extension TableCommit {
    /// Wave 1 has been answered.
    mutating func put(_ files: [NewFile], _ results: [PutResult], _ tries: Int, _ draw: CommitDraw) -> Action {
        guard let base, let proposal, let settings else { return fail(Self.misused) }
        var again: [NewFile] = []
        var failure: IcebergError?
        for (file, result) in zip(files, results) {
            switch result {
            case .done: note(file)
            case .failed(let error):
                // A file that may have been created by the try before, and now exists, was created by it.
                if tries > 0 && error.code == .alreadyExists { continue }
                failure = failure ?? error
            case .unknown(let error):
                note(file)
                again.append(file)
                lastFault = error
            }
        }
        if results.count != files.count {
            failure = IcebergError(.unavailable, "the store answered for \(results.count) of \(files.count) files")
            for file in files { note(file) }
        }
        if let failure { return fail(failure) }
        guard again.isEmpty else {
            let pause = settings.wait(beforeAttempt: tries + 1, random: draw.number)
            guard tries < settings.statusChecks, hasTime(toWait: pause, draw) else {
                return fail(lastFault ?? IcebergError(.unavailable, "files could not be created"))
            }
            return wait(pause, then: .put(again), .putting(again, tries: tries + 1))
        }
        return swap(from: base.version, to: proposal.state.version)
    }

    /// The manifests to be merged have been read. A merge only keeps the list short, so one that cannot be had does not
    /// hold up the rows: the report names the fault, and the next commit tries again.
    mutating func read(
        _ merge: ManifestMerge, _ result: Result<[[UInt8]], IcebergError>, _ draw: CommitDraw
    ) -> Action {
        guard let base else { return fail(Self.misused) }
        do {
            let contents = try result.get()
            merged = try merge.merged(
                contents, metadata: base.metadata, snapshotID: snapshotID,
                location: "\(base.metadata.metadataDirectory)/\(commitUUID)-m1.avro")
        } catch {
            mergeFault = error
        }
        return build(on: base, draw)
    }

    mutating func swap(from base: TableVersion, to proposed: TableVersion) -> Action {
        phase = .swapping
        swaps += 1
        return .swap(from: base, to: proposed)
    }

    private mutating func note(_ file: NewFile) {
        if !written.contains(file.location) { written.append(file.location) }
    }

    /// Never seen: the phases are entered only with a base and a proposal.
    static let misused = IcebergError(.invalid, "the commit has no version to build on")
}
