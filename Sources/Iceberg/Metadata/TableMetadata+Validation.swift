extension TableMetadata {
    /// Checks that the parts fit together: every id that is named exists, once.
    /// - Throws: ``IcebergError/Code/malformed`` naming the member.
    public func validate() throws(IcebergError) {
        try unique(schemas.map(\.schemaID), "schemas")
        try unique(partitionSpecs.map(\.specID), "partition-specs")
        try unique(sortOrders.map(\.orderID), "sort-orders")
        try unique(snapshots.map(\.snapshotID), "snapshots")
        try check(currentSchema != nil, "current-schema-id", "names no schema")
        try check(defaultSpec != nil, "default-spec-id", "names no partition spec")
        try check(defaultSortOrder != nil, "default-sort-order-id", "names no sort order")
        try check(!tableUUID.isEmpty, "table-uuid", "is empty")
        try check(!location.isEmpty, "location", "is empty")
        try check(lastColumnID >= 0, "last-column-id", "is negative")
        try check(lastSequenceNumber >= 0, "last-sequence-number", "is negative")
        let known = Set(snapshots.map(\.snapshotID))
        if let currentSnapshotID {
            try check(known.contains(currentSnapshotID), "current-snapshot-id", "names no snapshot")
        }
        for (name, reference) in refs {
            try check(known.contains(reference.snapshotID), "refs", "the reference \(name) names no snapshot")
        }
        try check(
            refs["main"]?.snapshotID == currentSnapshotID, "refs",
            "the branch main and current-snapshot-id name different snapshots")
        for snapshot in snapshots where snapshot.sequenceNumber > lastSequenceNumber {
            throw IcebergError(
                .malformed, "snapshot \(snapshot.snapshotID) has a sequence number above it",
                at: "last-sequence-number")
        }
        for spec in partitionSpecs {
            try unique(spec.fields.map(\.fieldID), "partition-specs")
        }
    }

    private func check(_ isRight: Bool, _ member: String, _ fault: String) throws(IcebergError) {
        guard isRight else { throw IcebergError(.malformed, fault, at: member) }
    }

    private func unique<ID: Hashable>(_ ids: [ID], _ member: String) throws(IcebergError) {
        try check(Set(ids).count == ids.count, member, "an id is used twice")
    }
}
