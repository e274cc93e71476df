extension TableDefinition {
    /// The properties of a new table: what the definition gives, what its retention and comment mean, and the codec
    /// zstd where none is named.
    public func icebergProperties() -> [String: String] {
        var properties = givenProperties
        properties[TableProperty.compressionCodec] = properties[TableProperty.compressionCodec] ?? "zstd"
        properties["write.format.default"] = "parquet"
        if !givenProperties.isEmpty { properties[TableProperty.given] = TableProperty.list(givenProperties.keys) }
        return properties
    }

    /// The properties that the definition asks for itself, without those that every new table gets.
    var givenProperties: [String: String] {
        var properties = properties
        properties[TableProperty.comment] = properties[TableProperty.comment] ?? doc
        properties.merge(governance) { given, _ in given }
        if let age = retention.snapshotAgeMs { properties[TableProperty.maximumSnapshotAge] = String(age) }
        if let count = retention.snapshots { properties[TableProperty.maximumSnapshots] = String(count) }
        if let count = retention.minimumSnapshots { properties[TableProperty.minimumSnapshots] = String(count) }
        return properties
    }

    /// What the catalogue says of the data: who answers for it, how far it is refined, and which columns hold what must
    /// be handled with care, such as `personal-data: document_id`.
    public var governance: [String: String] {
        var properties: [String: String] = [:]
        properties[TableProperty.owner] = owner
        properties[TableProperty.layer] = layer?.rawValue
        let kinds = Set(columns.compactMap(\.classification)).sorted()
        if !kinds.isEmpty {
            properties[TableProperty.classification] = kinds.map { kind in
                "\(kind): " + columns.filter { $0.classification == kind }.map(\.name).joined(separator: ", ")
            }.joined(separator: "; ")
        }
        return properties
    }
}
