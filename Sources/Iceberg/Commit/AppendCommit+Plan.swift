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
    var expiry: SnapshotExpiry
    /// Metadata files that fall out of the log, and manifest lists of expired snapshots.
    var superseded: [SupersededFiles.File]

    var sequenceNumber: Int64 { state.metadata.lastSequenceNumber }
}

extension AppendCommit {
    /// Starts an attempt on a version: everything that the version decides is checked before anything is written.
    mutating func plan(on state: TableState, _ draw: CommitDraw) -> Action {
        base = state
        do {
            let settings = CommitSettings(state.metadata.properties)
            self.settings = settings
            try check(state.metadata)
            if manifest == nil { manifest = try encodeManifest(state.metadata) }
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
        guard let settings else { return fail(Self.misused) }
        var files: [NewFile] = []
        if conflicts == 0 {
            files = append.files.map { NewFile(location: $0.dataFile.filePath, bytes: $0.bytes) }
            for manifest in [manifest, merged?.manifest].compactMap({ $0 }) {
                files.append(NewFile(location: manifest.file.manifestPath, bytes: manifest.bytes))
            }
        }
        do {
            let (proposal, attemptFiles) = try propose(on: state, settings, draw)
            self.proposal = proposal
            files += attemptFiles
        } catch {
            return fail(error)
        }
        phase = .putting(files, tries: 0)
        return .put(files)
    }

    /// Whether the rows still fit the table, and are still new to it.
    private func check(_ metadata: TableMetadata) throws(IcebergError) {
        guard metadata.tableUUID == append.tableUUID else {
            throw IcebergError(
                .invalid,
                "the table was dropped and made again since the rows were encoded: load it and encode them again")
        }
        guard metadata.currentSchemaID == append.schemaID, metadata.defaultSpecID == append.specID,
            metadata.defaultSortOrderID == append.sortOrderID
        else {
            throw IcebergError(
                .invalid,
                "the table's schema, partition spec or sort order has changed since the rows were encoded: load it and "
                    + "encode them again")
        }
        for name in append.summary.keys where name.hasPrefix(InheritedSummary.statePrefix) {
            guard metadata.inheritedState(name) == append.encodedFor.inheritedState(name) else {
                throw IcebergError(
                    .staleOffsets, "another commit has changed the state: compute the rows again on the newest version",
                    at: name)
            }
        }
        guard let expected = append.watermarks else { return }
        let current = try Watermarks(of: expected.source, in: metadata)
        for shard in append.offsets.keys where current.shards[shard] != expected.shards[shard] {
            throw IcebergError(
                .staleOffsets, "another commit has moved the watermark: compute the rows again on the newest version",
                at: expected.source, "shard \(shard)")
        }
    }

    private func encodeManifest(_ metadata: TableMetadata) throws(IcebergError) -> EncodedManifest? {
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
        on state: TableState, _ settings: CommitSettings, _ draw: CommitDraw
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
        metadata.properties = metadata.properties.filter { !$0.key.hasPrefix(Watermarks.keyPrefix) }
        metadata.properties.merge(summary.mirrors) { $1 }

        let expiry = SnapshotExpiry(of: metadata, settings, nowMs: nowMs)
        expiry.apply(to: &metadata)
        let inherited = summary.inherited
        let location = metadata.metadataLocation(after: state.location, uuid: draw.uuid)
        guard !catalogWritesMetadata else {
            let proposed = TableState(
                location: location, metadata: metadata, manifests: manifests, inherited: inherited,
                texts: SnapshotTexts())
            let proposal = Proposal(
                state: proposed, attemptFiles: [list], expiry: expiry, superseded: expiry.manifestLists)
            return (proposal, [NewFile(location: list, bytes: listBytes)])
        }

        let dropped = metadata.log(previous: state.location, writtenMs: state.metadata.lastUpdatedMs, nowMs, settings)
        metadata.lastUpdatedMs = nowMs
        var texts = state.texts
        texts.remove(expiry.expired)
        let metadataBytes = metadata.serialized(&texts)
        let proposal = Proposal(
            state: TableState(
                location: location, metadata: metadata, manifests: manifests, inherited: inherited, texts: texts),
            attemptFiles: [list, location], expiry: expiry, superseded: expiry.manifestLists + dropped)
        let files = [
            NewFile(location: list, bytes: listBytes),
            NewFile(location: location, bytes: metadataBytes),
        ]
        return (proposal, files)
    }
}
