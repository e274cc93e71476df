/// The files that only expired snapshots reach: their manifest lists, the manifests that no other list names, and the
/// data and delete files that no other manifest names, not even as deleted: a file that a kept snapshot deleted goes with
/// that snapshot ("Manifests").
struct ExpiredFiles {
    /// A file, and its bytes as far as they are known.
    struct File: Hashable {
        var location: String
        var size: Int64
    }

    /// Rows and deletes.
    private(set) var data: [File] = []
    /// Manifests, manifest lists and statistics.
    private(set) var metadata: [File] = []
    /// A file of an expired snapshot that could not be read: what it alone names is left.
    private(set) var fault: IcebergError?

    /// Files read at a time.
    private static let readAtOnce = 64

    private let store: any ObjectStore
    private let hasTime: () -> Bool

    /// Reads the lists and manifests of expired snapshots, and as many of the kept ones as it takes to be certain.
    /// - Parameters:
    ///   - before: metadata that has the expired snapshots.
    ///   - after: the table without them.
    /// - Throws: the fault of a file of a kept snapshot that cannot be read: then nothing is certain.
    init(
        of expired: [Snapshot], before: TableMetadata, after: TableMetadata, store: any ObjectStore,
        hasTime: @escaping () -> Bool
    ) throws(IcebergError) {
        self.store = store
        self.hasTime = hasTime
        let keptLists = Set(after.snapshots.map(\.manifestList))
        var kept: [String: ManifestFile] = [:]
        for (_, list) in try read(Array(keptLists)) {
            for manifest in try list.get() { kept[OrphanFiles.canonical(manifest.manifestPath)] = manifest }
        }
        let keptNames = Set(keptLists.map(OrphanFiles.canonical))
        var manifests: [String: ManifestFile] = [:]
        let lists = Set(expired.map(\.manifestList)).filter { !keptNames.contains(OrphanFiles.canonical($0)) }
        for (file, list) in try read(Array(lists)) {
            do {
                for manifest in try list.get() {
                    let name = OrphanFiles.canonical(manifest.manifestPath)
                    if kept[name] == nil { manifests[name] = manifest }
                }
                metadata.append(file)
            } catch {
                note(error)
            }
        }
        var files: [String: File] = [:]
        for (manifest, entries) in try read(Array(manifests.values), before) {
            do {
                for entry in try entries.get() {
                    let file = File(location: entry.dataFile.filePath, size: entry.dataFile.fileSizeInBytes)
                    files[OrphanFiles.canonical(file.location)] = file
                }
                metadata.append(File(location: manifest.manifestPath, size: manifest.manifestLength))
            } catch {
                note(error)
            }
        }
        if !files.isEmpty {
            for (_, entries) in try read(Array(kept.values), after) {
                for entry in try entries.get() { files[OrphanFiles.canonical(entry.dataFile.filePath)] = nil }
            }
        }
        data = files.values.sorted { $0.location < $1.location }
        let statistics = Set(after.statisticsFiles.map { OrphanFiles.canonical($0.location) })
        for file in before.statisticsFiles where !statistics.contains(OrphanFiles.canonical(file.location)) {
            metadata.append(File(location: file.location, size: file.size))
        }
    }

    /// A file that is gone already has nothing to say; any other that cannot be read is worth a word.
    private mutating func note(_ error: IcebergError) {
        if error.code != .notFound { fault = fault ?? error }
    }

    private func read(
        _ lists: [String]
    ) throws(IcebergError) -> [(File, Result<[ManifestFile], IcebergError>)] {
        var read: [(File, Result<[ManifestFile], IcebergError>)] = []
        try batches(lists) { batch throws(IcebergError) in
            for (list, result) in zip(batch, store.get(batch)) {
                let size = (try? result.get().count) ?? 0
                read.append(
                    (
                        File(location: list, size: Int64(size)),
                        Self.mapped(result) { bytes throws(IcebergError) in
                            do throws(IcebergError) {
                                return try ManifestList.parse(bytes)
                            } catch {
                                throw error.at(list)
                            }
                        }
                    ))
            }
        }
        return read
    }

    private func read(
        _ manifests: [ManifestFile], _ metadata: TableMetadata
    ) throws(IcebergError) -> [(ManifestFile, Result<[ManifestEntry], IcebergError>)] {
        var read: [(ManifestFile, Result<[ManifestEntry], IcebergError>)] = []
        try batches(manifests) { batch throws(IcebergError) in
            for (manifest, result) in zip(batch, store.get(batch.map(\.manifestPath))) {
                read.append(
                    (
                        manifest,
                        Self.mapped(result) { bytes throws(IcebergError) in
                            try ManifestReader.entries(bytes, of: manifest, metadata: metadata)
                        }
                    ))
            }
        }
        return read
    }

    private func batches<Element>(
        _ all: [Element], _ body: ([Element]) throws(IcebergError) -> Void
    ) throws(IcebergError) {
        for start in stride(from: 0, to: all.count, by: Self.readAtOnce) {
            guard hasTime() else {
                throw IcebergError(.unavailable, "the deadline came before all manifests were read; nothing is deleted")
            }
            try body(Array(all[start..<min(start + Self.readAtOnce, all.count)]))
        }
    }

    private static func mapped<Value>(
        _ result: Result<[UInt8], IcebergError>, _ body: ([UInt8]) throws(IcebergError) -> Value
    ) -> Result<Value, IcebergError> {
        do {
            return .success(try body(try result.get()))
        } catch {
            return .failure(error)
        }
    }
}
