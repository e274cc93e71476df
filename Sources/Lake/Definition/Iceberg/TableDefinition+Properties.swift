extension TableDefinition {
    /// The properties of a new table: what the definition gives, what its retention and comment mean, and the codec
    /// zstd where none is named.
    public func icebergProperties() -> [String: String] {
        var properties = properties
        properties[TableProperty.compressionCodec] = properties[TableProperty.compressionCodec] ?? "zstd"
        properties["write.format.default"] = "parquet"
        properties[TableProperty.comment] = properties[TableProperty.comment] ?? doc
        if let age = retention.snapshotAgeMs { properties[TableProperty.maximumSnapshotAge] = String(age) }
        if let count = retention.snapshots { properties[TableProperty.maximumSnapshots] = String(count) }
        if let count = retention.minimumSnapshots { properties[TableProperty.minimumSnapshots] = String(count) }
        return properties
    }
}
