extension Watermarks {
    /// The watermarks of a source in a table: those of the nearest ancestor of the current snapshot that has any. A
    /// mirror in the table's properties serves only where no ancestor has one, as after another engine expired them.
    /// - Throws: ``IcebergError/Code/malformed`` if the stored value is damaged.
    public init(of source: String, in metadata: TableMetadata) throws(IcebergError) {
        let key = Self.keyPrefix + source
        for snapshot in metadata.ancestry {
            if let text = snapshot.summary.properties[key] {
                self = try Watermarks(source: source, parsing: text)
                return
            }
        }
        if let text = metadata.properties[key] {
            self = try Watermarks(source: source, parsing: text)
        } else {
            self.init(source: source)
        }
    }
}

extension TableMetadata {
    /// State that a job has stored with its offsets, from the nearest ancestor that has any.
    /// - Parameter name: as the job set it in ``Append/summary``, with the prefix `swiftlake.state.`.
    public func inheritedState(_ name: String) -> String? {
        for snapshot in ancestry {
            if let value = snapshot.summary.properties[name] { return value }
        }
        return nil
    }
}

/// Values that a snapshot inherits from its ancestors, by name: every commit of ours carries them forward.
enum InheritedSummary {
    /// State that a job keeps with its offsets, such as open windows.
    static let statePrefix = "swiftlake.state."

    /// The nearest ancestor's value of every name, or the property's that mirrors it.
    static func of(_ metadata: TableMetadata) -> [String: String] {
        var values: [String: String] = [:]
        for snapshot in metadata.ancestry {
            for (name, value) in snapshot.summary.properties where isInherited(name) && values[name] == nil {
                values[name] = value
            }
        }
        for (name, value) in metadata.properties where name.hasPrefix(Watermarks.keyPrefix) && values[name] == nil {
            values[name] = value
        }
        return values
    }

    private static func isInherited(_ name: String) -> Bool {
        name.hasPrefix(Watermarks.keyPrefix) || name.hasPrefix(statePrefix)
    }
}

extension TableMetadata {
    /// The current snapshot and its ancestors, newest first, as far as they have not expired.
    public var ancestry: [Snapshot] {
        let byID = Dictionary(snapshots.map { ($0.snapshotID, $0) }, uniquingKeysWith: { $1 })
        var found: [Snapshot] = []
        var next = currentSnapshotID
        // A damaged file could hold a circle of parents: no more steps than there are snapshots.
        while let id = next, let snapshot = byID[id], found.count < snapshots.count {
            found.append(snapshot)
            next = snapshot.parentSnapshotID
        }
        return found
    }
}
