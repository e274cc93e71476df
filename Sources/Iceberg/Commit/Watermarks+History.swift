extension Watermarks {
    /// The watermarks of a source in a table: those of the nearest ancestor of the current snapshot that has any. A
    /// mirror in the table's properties serves only where no ancestor has one, as after another engine expired them.
    /// - Throws: ``IcebergError/Code/malformed`` if the stored value is damaged.
    public init(of source: String, in metadata: TableMetadata) throws(IcebergError) {
        let key = Self.keyPrefix + source
        if let text = metadata.inheritedState(key) {
            self = try Watermarks(source: source, parsing: text)
        } else if let text = metadata.properties[key] {
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
        var ancestors = Ancestry(metadata)
        while let place = ancestors.next() {
            for (name, value) in metadata.snapshots[place].summary.properties
            where isInherited(name) && values[name] == nil {
                values[name] = value
            }
        }
        for (name, value) in metadata.properties where name.hasPrefix(Watermarks.keyPrefix) && values[name] == nil {
            values[name] = value
        }
        return values
    }

    static func isInherited(_ name: String) -> Bool {
        name.hasPrefix(Watermarks.keyPrefix) || name.hasPrefix(statePrefix)
    }
}
