extension Table {
    /// Carries out a commit's actions until it has ended.
    /// - Parameter revise: makes the revised metadata of a version, for work that is a revision; nil if it is as it
    ///   should be.
    func commit(
        _ work: TableCommit.Work, revise: (TableMetadata) throws(IcebergError) -> TableMetadata?
    ) throws(IcebergError) -> TableCommit.Committed {
        var commit = TableCommit(work, on: state, catalogWritesMetadata: catalog.writesMetadata, environment.draw())
        var event = TableCommit.Event.started
        while true {
            switch commit.handle(event, environment.draw()) {
            case .load:
                event = .loaded(reload())
            case .revise(let metadata):
                do {
                    event = .revised(.success(try revise(metadata)))
                } catch {
                    event = .revised(.failure(error))
                }
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
                return committed
            case .finish(.failure(let error)):
                // What was cached may be what misled the commit; a version it loaded itself is the newest.
                state = commit.lastLoaded
                throw placed(error)
            }
        }
    }

    /// Before a decision on what the table is like: sees to it that the version known is the newest, or that the commit
    /// loads it.
    func refreshOrForget() {
        do {
            try refresh()
        } catch {
            state = nil
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
}
