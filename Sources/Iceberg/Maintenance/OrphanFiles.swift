/// Files under a table that no version of it refers to: what a process that died during a commit, or before its
/// superseded files were old enough, has left behind.
public enum OrphanFiles {
    /// Picks the orphans out of a listing.
    /// - Parameters:
    ///   - reachable: every location that the table refers to.
    ///   - cutoffMs: files written at or after this time are left alone, in milliseconds since the epoch: a commit may be
    ///     about to refer to them. Choose it further back than any commit can take.
    public static func among(_ listed: [StoredFile], reachable: Set<String>, before cutoffMs: Int64) -> [StoredFile] {
        let kept = Set(reachable.map(canonical))
        return listed.filter { file in
            file.modifiedMs < cutoffMs && !file.location.hasSuffix("/version-hint.text")
                && !kept.contains(canonical(file.location))
        }
    }

    /// Engines spell one place in several ways: `file:///x`, `file:/x` and `/x`; `s3://`, `s3a://` and `s3n://`.
    static func canonical(_ location: String) -> String {
        for scheme in ["s3a://", "s3n://"] where location.hasPrefix(scheme) {
            return "s3://" + location.dropFirst(scheme.count)
        }
        guard location.hasPrefix("file:") else { return location }
        var path = location.dropFirst("file:".count)
        if path.hasPrefix("//localhost/") { path = path.dropFirst("//localhost".count) }
        while path.hasPrefix("//") { path = path.dropFirst() }
        return String(path)
    }
}

extension Table {
    /// Every location that the table's newest version refers to, through all of its snapshots: metadata files,
    /// statistics, manifest lists, manifests, and data files, deleted ones too while the snapshot that deleted them has
    /// not expired. Reads every manifest once.
    public func reachableFiles() throws(IcebergError) -> Set<String> {
        try load()
        let metadata = try self.metadata
        var reachable = Set([try metadataLocation])
        reachable.formUnion(metadata.metadataLog.map(\.metadataFile))
        for member in metadata.unknownMembers {
            for element in member.value.elements ?? [] {
                if let path = element["statistics-path"]?.string { reachable.insert(path) }
            }
        }
        for snapshot in metadata.snapshots {
            reachable.insert(snapshot.manifestList)
            for manifest in try manifests(snapshot.manifestList) where reachable.insert(manifest.manifestPath).inserted {
                let bytes = try store.get(manifest.manifestPath)
                for entry in try ManifestReader.entries(bytes, of: manifest, metadata: metadata) {
                    reachable.insert(entry.dataFile.filePath)
                }
            }
        }
        return reachable
    }

    /// Files under the table's location that nothing refers to.
    /// - Parameter minimumAgeMs: how long ago a file must have been written; longer than any commit takes.
    public func orphans(minimumAgeMs: Int64) throws(IcebergError) -> [StoredFile] {
        // The listing comes first: what a commit adds after it is not in it.
        let cutoff = environment.nowMs().subtractingReportingOverflow(minimumAgeMs)
        let listed = try store.list(try metadata.location + "/")
        return OrphanFiles.among(
            listed, reachable: try reachableFiles(), before: cutoff.overflow ? .min : cutoff.partialValue)
    }

    /// Deletes the files that ``orphans(minimumAgeMs:)`` finds.
    /// - Returns: the locations deleted.
    public func deleteOrphans(minimumAgeMs: Int64) throws(IcebergError) -> [String] {
        let locations = try orphans(minimumAgeMs: minimumAgeMs).map(\.location)
        let kept = Set(delete(locations))
        return locations.filter { !kept.contains($0) }
    }
}
