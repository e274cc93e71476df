/// A manifest that this commit writes.
struct EncodedManifest {
    /// As the manifest list will describe it; its sequence number is set when the list is made.
    var file: ManifestFile
    var bytes: [UInt8]

    /// What the writer made.
    init(_ written: (bytes: [UInt8], manifest: ManifestFile)) {
        file = written.manifest
        bytes = written.bytes
    }
}

/// What one attempt asks the catalog to make current.
struct Proposal {
    /// The version as it will be.
    var state: TableState
    /// The files that belong to this attempt alone: its manifest list and metadata file.
    var attemptFiles: [String]
    /// What an append takes out of the history.
    var expiry: SnapshotExpiry?
    /// Metadata files that fall out of the log, and manifest lists of expired snapshots.
    var superseded: [SupersededFiles.File]

    var sequenceNumber: Int64 { state.metadata.lastSequenceNumber }

    /// The same with what an append takes out of the history.
    func expiring(_ expiry: SnapshotExpiry) -> Proposal {
        var proposal = self
        proposal.expiry = expiry
        proposal.superseded = expiry.manifestLists + superseded
        return proposal
    }
}

extension TableCommit {
    /// Starts an attempt on a version: everything that the version decides is checked before anything is written.
    mutating func plan(on state: TableState, _ draw: CommitDraw) -> Action {
        base = state
        do {
            let settings = CommitSettings(state.metadata.properties)
            self.settings = settings
            guard let append else {
                phase = .revising
                return .revise(state.metadata)
            }
            try append.check(state.metadata)
            if manifest == nil { manifest = try encodeManifest(append, state.metadata) }
            if let replaced = merged?.replaced, !replaced.isSubset(of: state.manifests.map(\.manifestPath)) {
                // Another writer rewrote manifests meanwhile: go without the merge.
                if let manifest = merged?.manifest { losers.append(manifest.file.manifestPath) }
                merged = nil
            }
            if !hasConsideredMerge {
                hasConsideredMerge = true
                if let merge = ManifestMerge(of: state, settings) {
                    phase = .reading(merge)
                    return .read(merge.manifests)
                }
            }
        } catch {
            return fail(error)
        }
        return build(on: state, draw)
    }

    /// Makes the manifest list and metadata of an attempt, and puts what is not there yet.
    mutating func build(on state: TableState, _ draw: CommitDraw) -> Action {
        guard let settings, let append else { return fail(Self.misused) }
        var files: [NewFile] = []
        if conflicts == 0 {
            files = append.files.map { NewFile(location: $0.dataFile.filePath, bytes: $0.bytes) }
            for manifest in [manifest, merged?.manifest].compactMap({ $0 }) {
                files.append(NewFile(location: manifest.file.manifestPath, bytes: manifest.bytes))
            }
        }
        do {
            let (proposal, attemptFiles) = try propose(append, on: state, settings, draw)
            self.proposal = proposal
            files += attemptFiles
        } catch {
            return fail(error)
        }
        phase = .putting(files, tries: 0)
        return .put(files)
    }

    private func encodeManifest(
        _ append: Append, _ metadata: TableMetadata
    ) throws(IcebergError) -> EncodedManifest? {
        guard !append.files.isEmpty else { return nil }
        guard let schema = metadata.currentSchema, let spec = metadata.defaultSpec else {
            throw IcebergError(.malformed, "the metadata lacks its current schema or partition spec")
        }
        let entries = append.files.map { file in
            ManifestEntry(
                status: .added, snapshotID: snapshotID, sequenceNumber: nil, fileSequenceNumber: nil,
                dataFile: file.dataFile)
        }
        return EncodedManifest(
            try ManifestWriter.bytes(
                entries: entries, spec: spec, schema: schema, snapshotID: snapshotID,
                path: "\(metadata.metadataDirectory)/\(commitUUID)-m0.avro"))
    }

    private func propose(
        _ append: Append, on state: TableState, _ settings: CommitSettings, _ draw: CommitDraw
    ) throws(IcebergError) -> (Proposal, [NewFile]) {
        var metadata = state.metadata
        let parent = metadata.currentSnapshot
        let (sequenceNumber, overflows) = metadata.lastSequenceNumber.addingReportingOverflow(1)
        guard !overflows else { throw IcebergError(.malformed, "the table's sequence numbers have run out") }
        let nowMs = max(draw.nowMs, metadata.lastUpdatedMs, parent?.timestampMs ?? .min)

        var added = [manifest, merged?.manifest].compactMap { $0?.file }
        for index in added.indices {
            added[index].sequenceNumber = sequenceNumber
            // The merged manifest knows its entries' numbers; those of the new files are this commit's.
            if added[index].minSequenceNumber == ManifestFile.unassignedSequenceNumber {
                added[index].minSequenceNumber = sequenceNumber
            }
        }
        let replaced = merged?.replaced ?? []
        let kept = state.manifests.filter { !replaced.contains($0.manifestPath) }
        let manifests = added + kept

        let list = "\(metadata.metadataDirectory)/snap-\(snapshotID)-\(conflicts + 1)-\(commitUUID).avro"
        let listBytes = try ManifestList.bytes(
            manifests, snapshotID: snapshotID, parentSnapshotID: parent?.snapshotID, sequenceNumber: sequenceNumber)
        let summary = try AppendSummary(
            append, on: state, created: added.count, kept: kept.count, replaced: replaced.count)

        metadata.snapshots.append(
            Snapshot(
                snapshotID: snapshotID, parentSnapshotID: parent?.snapshotID, sequenceNumber: sequenceNumber,
                timestampMs: nowMs, manifestList: list,
                summary: Snapshot.Summary(operation: "append", properties: summary.properties),
                schemaID: metadata.currentSchemaID))
        metadata.currentSnapshotID = snapshotID
        metadata.lastSequenceNumber = sequenceNumber
        var main = metadata.refs["main"] ?? SnapshotReference(snapshotID: snapshotID, kind: .branch)
        main.snapshotID = snapshotID
        metadata.refs["main"] = main
        metadata.snapshotLog.append(.init(timestampMs: nowMs, snapshotID: snapshotID))
        // A mirror that the history has outlived goes: once its snapshots have expired it would seem to be true.
        metadata.properties = metadata.properties.filter { !InheritedSummary.isInherited($0.key) }
        metadata.properties.merge(summary.inherited) { $1 }

        let expiry = SnapshotExpiry(of: metadata, settings, nowMs: nowMs)
        expiry.apply(to: &metadata)
        let listFile = NewFile(location: list, bytes: listBytes)
        guard !catalogWritesMetadata else {
            let proposal = proposal(
                metadata, manifests, inherited: summary.inherited, SnapshotTexts(), on: state, draw, [listFile])
            return (proposal.expiring(expiry), [listFile])
        }
        let (proposal, file) = write(
            metadata, manifests, inherited: summary.inherited, expired: expiry.expired, on: state, settings, nowMs,
            draw,
            [listFile])
        return (proposal.expiring(expiry), [listFile, file])
    }

    /// The driver has revised the base.
    mutating func revised(_ result: Result<TableMetadata?, IcebergError>, _ draw: CommitDraw) -> Action {
        guard let base, let settings else { return fail(Self.misused) }
        let revised: TableMetadata?
        switch result {
        case .success(let metadata): revised = metadata
        case .failure(let error): return fail(error)
        }
        guard let revised, revised != base.metadata else { return finishUnchanged(base) }
        let inherited = InheritedSummary.of(revised)
        guard !catalogWritesMetadata else {
            let proposal = proposal(
                revised, base.manifests, inherited: inherited, SnapshotTexts(), on: base, draw, [])
            self.proposal = proposal
            return swap(from: base.version, to: proposal.state.version)
        }
        let kept = Set(revised.snapshots.map(\.snapshotID))
        let (proposal, file) = write(
            revised, base.manifests, inherited: inherited,
            expired: base.metadata.snapshots.filter { !kept.contains($0.snapshotID) }, on: base, settings,
            max(draw.nowMs, base.metadata.lastUpdatedMs), draw, [])
        self.proposal = proposal
        phase = .putting([file], tries: 0)
        return .put([file])
    }

    /// The version with this metadata, and its metadata file.
    private func write(
        _ metadata: TableMetadata, _ manifests: [ManifestFile], inherited: [String: String], expired: [Snapshot],
        on state: TableState, _ settings: CommitSettings, _ nowMs: Int64, _ draw: CommitDraw, _ files: [NewFile]
    ) -> (Proposal, NewFile) {
        var metadata = metadata
        let dropped = metadata.log(previous: state.location, writtenMs: state.metadata.lastUpdatedMs, nowMs, settings)
        metadata.lastUpdatedMs = nowMs
        var texts = state.texts
        texts.remove(expired)
        let bytes = metadata.serialized(&texts)
        var proposal = proposal(metadata, manifests, inherited: inherited, texts, on: state, draw, files)
        proposal.attemptFiles.append(proposal.state.location)
        proposal.superseded = dropped
        return (proposal, NewFile(location: proposal.state.location, bytes: bytes))
    }

    private func proposal(
        _ metadata: TableMetadata, _ manifests: [ManifestFile], inherited: [String: String], _ texts: SnapshotTexts,
        on state: TableState, _ draw: CommitDraw, _ files: [NewFile]
    ) -> Proposal {
        Proposal(
            state: TableState(
                location: metadata.metadataLocation(after: state.location, uuid: draw.uuid), metadata: metadata,
                manifests: manifests, inherited: inherited, texts: texts),
            attemptFiles: files.map(\.location), superseded: [])
    }
}
