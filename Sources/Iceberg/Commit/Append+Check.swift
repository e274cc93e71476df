extension Append {
    /// Whether the rows still fit the table, and are still new to it.
    func check(_ metadata: TableMetadata) throws(IcebergError) {
        guard metadata.tableUUID == tableUUID else {
            throw IcebergError(
                .invalid,
                "the table was dropped and made again since the rows were encoded: load it and encode them again")
        }
        guard metadata.currentSchemaID == schemaID, metadata.defaultSpecID == specID,
            metadata.defaultSortOrderID == sortOrderID
        else {
            throw IcebergError(
                .invalid,
                "the table's schema, partition spec or sort order has changed since the rows were encoded: load it and "
                    + "encode them again")
        }
        for name in summary.keys where name.hasPrefix(InheritedSummary.statePrefix) {
            guard metadata.inheritedState(name) == encodedFor.inheritedState(name) else {
                throw IcebergError(
                    .staleOffsets, "another commit has changed the state: compute the rows again on the newest version",
                    at: name)
            }
        }
        guard let expected = watermarks else { return }
        let current = try Watermarks(of: expected.source, in: metadata)
        for shard in offsets.keys where current.shards[shard] != expected.shards[shard] {
            throw IcebergError(
                .staleOffsets, "another commit has moved the watermark: compute the rows again on the newest version",
                at: expected.source, "shard \(shard)")
        }
    }
}
