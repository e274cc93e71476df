/// The snapshot summary of an append: what it adds, the totals after it, and the offsets.
struct AppendSummary {
    /// The entries beside the operation.
    var properties: [String: String]
    /// Those of them that the next snapshot inherits, and that table properties mirror.
    var inherited: [String: String] { properties.filter { InheritedSummary.isInherited($0.key) } }

    init(
        _ append: Append, on state: TableState, created: Int, kept: Int, replaced: Int
    ) throws(IcebergError) {
        properties = state.inherited
        // Offsets move only through the append's own ranges, which are checked.
        properties.merge(append.summary.filter { !$0.key.hasPrefix(Watermarks.keyPrefix) }) { $1 }
        if let expected = append.watermarks {
            var watermarks = try Watermarks(of: expected.source, in: state.metadata).advanced(by: append.offsets)
            if let retention = append.shardRetentionMs {
                watermarks = watermarks.pruned(olderThan: retention, keeping: append.offsets.keys)
            }
            properties[watermarks.key] = watermarks.serialized()
        }
        properties["manifests-created"] = String(created)
        properties["manifests-kept"] = String(kept)
        properties["manifests-replaced"] = String(replaced)
        count(append, after: state)
    }

    private mutating func count(_ append: Append, after state: TableState) {
        let files = Int64(append.files.count)
        let records = append.files.reduce(0) { $0 &+ $1.dataFile.recordCount }
        let bytes = append.files.reduce(0) { $0 &+ $1.dataFile.fileSizeInBytes }
        if files > 0 {
            properties["added-data-files"] = String(files)
            properties["added-records"] = String(records)
            properties["added-files-size"] = String(bytes)
        }
        properties["changed-partition-count"] = String(Set(append.files.map(\.dataFile.partition)).count)

        let parent = state.metadata.currentSnapshot
        let before = parent?.summary.properties ?? [:]
        // A writer that leaves its totals out breaks the chain of sums; two of them the manifest list still knows.
        let added: [(name: String, count: Int64)] = [
            ("total-data-files", files), ("total-records", records), ("total-files-size", bytes),
            ("total-delete-files", 0), ("total-position-deletes", 0), ("total-equality-deletes", 0),
        ]
        for (name, count) in added {
            let total = before[name].flatMap { Int64($0) } ?? (parent == nil ? 0 : Self.counted(name, state.manifests))
            guard let total, total >= 0 else {
                properties[name] = nil
                continue
            }
            properties[name] = String(total &+ count)
        }
    }

    private static func counted(_ name: String, _ manifests: [ManifestFile]) -> Int64? {
        let data = manifests.filter { $0.content == .data }
        switch name {
        case "total-data-files":
            return data.reduce(0) { $0 &+ Int64($1.addedFilesCount) &+ Int64($1.existingFilesCount) }
        case "total-records": return data.reduce(0) { $0 &+ $1.addedRowsCount &+ $1.existingRowsCount }
        default: return nil
        }
    }
}
