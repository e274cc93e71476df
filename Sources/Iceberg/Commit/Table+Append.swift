extension Table {
    /// Adds rows and moves offsets in one commit: two waves of requests when nobody interferes.
    ///
    /// After ``IcebergError/Code/staleOffsets`` and ``IcebergError/Code/invalid`` the table holds the newest version, on
    /// which the caller computes the rows again. In these cases, after ``IcebergError/Code/conflict`` and after any
    /// definite fault, nothing was committed and the files of the append have been deleted.
    /// - Throws: ``IcebergError/Code/staleOffsets`` if another commit moved the watermarks of the append's shards;
    ///   ``IcebergError/Code/invalid`` if the schema, partition spec or sort order changed;
    ///   ``IcebergError/Code/conflict`` if other writers came first too often; ``IcebergError/Code/unknownOutcome`` if
    ///   it cannot be settled whether the commit happened: nothing is deleted then; and the store's and catalog's faults.
    public func append(_ append: Append) throws(IcebergError) -> CommitReport {
        var commit = AppendCommit(
            append, on: state, catalogWritesMetadata: catalog.writesMetadata, environment.draw())
        var event = AppendCommit.Event.started
        while true {
            switch commit.handle(event, environment.draw()) {
            case .load:
                event = .loaded(reload())
            case .read(let manifests):
                event = .read(contents(of: manifests))
            case .put(let files):
                catalog.prepareSwap(of: identifier)
                event = .put(put(files))
            case .swap(let base, let proposed):
                event = .swapped(
                    step(.swap, proposed.location) { catalog.swap(identifier, from: base, to: proposed) })
            case .wait(let milliseconds):
                environment.sleep(milliseconds)
                event = .waited
            case .delete(let locations):
                _ = delete(locations)
                event = .deleted
            case .finish(.success(let committed)):
                state = committed.isNewest ? committed.state : nil
                return reclaim(after: committed)
            case .finish(.failure(let error)):
                // What was cached may be what misled the commit; a version it loaded itself is the newest.
                state = commit.lastLoaded
                throw placed(error)
            }
        }
    }

    private func reload() -> Result<TableState, IcebergError> {
        do {
            return .success(try read())
        } catch {
            return .failure(error)
        }
    }

    private func contents(of manifests: [ManifestFile]) -> Result<[[UInt8]], IcebergError> {
        var contents: [[UInt8]] = []
        for result in store.get(manifests.map(\.manifestPath)) {
            switch result {
            case .success(let bytes): contents.append(bytes)
            case .failure(let error): return .failure(error)
            }
        }
        return .success(contents)
    }

    private func put(_ files: [NewFile]) -> [PutResult] {
        guard environment.willTake != nil else { return store.put(files) }
        return files.flatMap { file in step(.put, file.location) { store.put([file]) } }
    }

    /// - Returns: the files that could not be deleted.
    func delete(_ locations: [String]) -> [String] {
        guard environment.willTake != nil else { return store.delete(locations) }
        return locations.flatMap { location in step(.delete, location) { store.delete([location]) } }
    }

    private func step<Value>(_ kind: CommitStep.Kind, _ location: String, _ body: () -> Value) -> Value {
        environment.willTake?(CommitStep(kind, location, .before))
        defer { environment.willTake?(CommitStep(kind, location, .after)) }
        return body()
    }

    /// Deletes what commits of this process superseded long enough ago. The commit is done: a fault here is only
    /// reported, and orphan cleanup finds what stays.
    private func reclaim(after committed: AppendCommit.Committed) -> CommitReport {
        superseded.add(committed.superseded)
        for boundary in committed.mergeBoundaries {
            guard let before = try? manifests(boundary.before), let after = try? manifests(boundary.after) else {
                continue
            }
            let needed = Set(after.map(\.manifestPath))
            superseded.add(
                before.map(\.manifestPath).filter { !needed.contains($0) }.map {
                    SupersededFiles.File(location: $0, sinceMs: boundary.sinceMs)
                })
        }
        var report = committed.report
        let settings = CommitSettings(committed.state.metadata.properties)
        let due = superseded.due(nowMs: environment.nowMs(), minimumAgeMs: settings.deletionMinimumAgeMs)
        if !due.isEmpty {
            report.undeletedFiles = delete(due)
            report.deletedFiles = due.count - report.undeletedFiles.count
        }
        return report
    }
}
