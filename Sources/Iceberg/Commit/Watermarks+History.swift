extension Watermarks {
    /// The watermarks of a source in a table: those of the nearest ancestor of the current snapshot that has any. The
    /// mirror in the table's properties serves only where another engine has expired the ancestors that had them.
    /// - Throws: ``IcebergError/Code/malformed`` if the stored value is damaged.
    public init(of source: String, in metadata: TableMetadata) throws(IcebergError) {
        let key = Self.keyPrefix + source
        if let text = metadata.inheritedState(key) {
            self = try Watermarks(source: source, parsing: text)
        } else if let text = metadata.mirrored[key] {
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
        var ancestors = Ancestry(self)
        while let place = ancestors.next() {
            if let value = snapshots[place].summary.properties[name] { return value }
        }
        return mirrored[name]
    }

    /// The properties that mirror offsets and state, where they tell the truth: where ancestors are missing, because
    /// somebody expired them. A table that was rolled back to its own beginning, or that another engine has replaced,
    /// still has the properties but not the rows: then history goes back to a first snapshot, or snapshots that are no
    /// ancestors have the offsets.
    var mirrored: [String: String] {
        let mirrors = properties.filter { InheritedSummary.isInherited($0.key) }
        guard !mirrors.isEmpty else { return [:] }
        var ancestors = Ancestry(self)
        var oldest: Int?
        while let place = ancestors.next() { oldest = place }
        guard let oldest = oldest.map({ snapshots[$0] }) else { return [:] }
        // Some writers take the parent's id away with the parent; but only a table's first snapshot has the sequence
        // number 1.
        guard oldest.parentSnapshotID != nil || oldest.sequenceNumber > 1 else { return [:] }
        return mirrors.filter { key, _ in
            snapshots.allSatisfy { snapshot in
                guard snapshot.summary.properties[key] != nil else { return true }
                // Where a parent is named and gone, older snapshots were kept by a tag or branch, and say nothing.
                return oldest.parentSnapshotID != nil && snapshot.sequenceNumber < oldest.sequenceNumber
            }
        }
    }
}

/// Values that a snapshot inherits from its ancestors, by name: every commit of ours carries them forward.
enum InheritedSummary {
    /// State that a job keeps with its offsets, such as open windows.
    static let statePrefix = "swiftlake.state."

    /// The nearest ancestor's value of every name, or that of the property that mirrors it.
    static func of(_ metadata: TableMetadata) -> [String: String] {
        var values: [String: String] = [:]
        var ancestors = Ancestry(metadata)
        while let place = ancestors.next() {
            for (name, value) in metadata.snapshots[place].summary.properties
            where isInherited(name) && values[name] == nil {
                values[name] = value
            }
        }
        return values.merging(metadata.mirrored) { inherited, _ in inherited }
    }

    static func isInherited(_ name: String) -> Bool {
        name.hasPrefix(Watermarks.keyPrefix) || name.hasPrefix(statePrefix)
    }
}
