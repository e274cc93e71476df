internal import JSON

/// What leads from one version of a table to the next: the body of a commit to a REST catalog, whose server writes the
/// metadata file (Iceberg REST specification, `CommitTableRequest`).
///
/// Times, sequence numbers, logs and highest ids are not in it: the server sets them. It cannot be guarded against a tag
/// that somebody sets on a snapshot while this commit removes it: the specification has no requirement for that.
public struct TableChanges: Equatable, Sendable {
    /// What must hold when the server applies the updates.
    public var requirements: [TableRequirement]
    /// The changes, in the order in which they are to be applied.
    public var updates: [TableUpdate]

    /// The changes between two versions of one table, of which the second was made from the first.
    /// - Throws: ``IcebergError/Code/unsupported`` for a difference that the specification has no update for.
    public init(from base: TableMetadata, to proposed: TableMetadata) throws(IcebergError) {
        // The head of main stands for the version, and the schema for what evolves without a snapshot: rows that were
        // made for another schema lack what a column that is new by now would have held.
        requirements = [
            .tableUUID(base.tableUUID),
            .referenceSnapshotID(name: Self.main, base.refs[Self.main]?.snapshotID),
            .currentSchemaID(base.currentSchemaID),
        ]
        updates = []
        guard base.tableUUID == proposed.tableUUID else { throw Self.inexpressible("table-uuid") }
        try addSchemas(base, proposed)
        try addPartitionSpecs(base, proposed)
        try addSortOrders(base, proposed)
        if base.location != proposed.location { updates.append(.setLocation(proposed.location)) }
        let removed = changeSnapshots(base, proposed)
        changeProperties(base, proposed)
        try checkUnknownMembers(base, proposed, removed)
    }

    private static let main = "main"

    /// What a list has gained. Elements may only be added: there is no update for one that goes or changes.
    private static func added<Element: Equatable>(
        to base: [Element], in proposed: [Element], by id: (Element) -> Int, _ member: String
    ) throws(IcebergError) -> [Element] {
        let known = Set(base.map(id))
        guard proposed.filter({ known.contains(id($0)) }) == base else { throw inexpressible(member) }
        return proposed.filter { !known.contains(id($0)) }
    }

    private mutating func addSchemas(_ base: TableMetadata, _ proposed: TableMetadata) throws(IcebergError) {
        let added = try Self.added(to: base.schemas, in: proposed.schemas, by: \.schemaID, "schemas")
        for schema in added { updates.append(.addSchema(schema, lastColumnID: proposed.lastColumnID)) }
        if base.currentSchemaID != proposed.currentSchemaID {
            updates.append(.setCurrentSchema(Self.id(proposed.currentSchemaID, added.map(\.schemaID))))
        }
        if !added.isEmpty { requirements.append(.lastAssignedFieldID(base.lastColumnID)) }
    }

    private mutating func addPartitionSpecs(_ base: TableMetadata, _ proposed: TableMetadata) throws(IcebergError) {
        let added = try Self.added(
            to: base.partitionSpecs, in: proposed.partitionSpecs, by: \.specID, "partition-specs")
        for spec in added { updates.append(.addPartitionSpec(spec)) }
        if base.defaultSpecID != proposed.defaultSpecID {
            updates.append(.setDefaultSpec(Self.id(proposed.defaultSpecID, added.map(\.specID))))
            requirements.append(.defaultSpecID(base.defaultSpecID))
        }
        if !added.isEmpty { requirements.append(.lastAssignedPartitionID(base.lastPartitionID)) }
    }

    private mutating func addSortOrders(_ base: TableMetadata, _ proposed: TableMetadata) throws(IcebergError) {
        let added = try Self.added(to: base.sortOrders, in: proposed.sortOrders, by: \.orderID, "sort-orders")
        for order in added { updates.append(.addSortOrder(order)) }
        if base.defaultSortOrderID != proposed.defaultSortOrderID {
            updates.append(.setDefaultSortOrder(Self.id(proposed.defaultSortOrderID, added.map(\.orderID))))
            requirements.append(.defaultSortOrderID(base.defaultSortOrderID))
        }
    }

    /// - Returns: the snapshots that leave the history.
    private mutating func changeSnapshots(_ base: TableMetadata, _ proposed: TableMetadata) -> Set<Int64> {
        let before = Set(base.snapshots.map(\.snapshotID))
        let after = Set(proposed.snapshots.map(\.snapshotID))
        for snapshot in proposed.snapshots where !before.contains(snapshot.snapshotID) {
            updates.append(.addSnapshot(snapshot))
        }
        for (name, reference) in proposed.refs.sorted(by: { $0.key < $1.key }) where base.refs[name] != reference {
            updates.append(.setReference(name: name, reference))
            requireReference(name, base)
        }
        for name in base.refs.keys.sorted() where proposed.refs[name] == nil {
            updates.append(.removeReference(name: name))
            requireReference(name, base)
        }
        // Behind the references: a server refuses to remove a snapshot that one names, or drops the reference.
        let removed = base.snapshots.map(\.snapshotID).filter { !after.contains($0) }
        if !removed.isEmpty { updates.append(.removeSnapshots(removed)) }
        return Set(removed)
    }

    private mutating func requireReference(_ name: String, _ base: TableMetadata) {
        guard name != Self.main else { return }
        requirements.append(.referenceSnapshotID(name: name, base.refs[name]?.snapshotID))
    }

    private mutating func changeProperties(_ base: TableMetadata, _ proposed: TableMetadata) {
        let set = proposed.properties.filter { base.properties[$0.key] != $0.value }
        if !set.isEmpty { updates.append(.setProperties(set)) }
        let removed = base.properties.keys.filter { proposed.properties[$0] == nil }.sorted()
        if !removed.isEmpty { updates.append(.removeProperties(removed)) }
    }

    /// Statistics leave with their snapshots, which the server sees to; nothing else may differ.
    private func checkUnknownMembers(
        _ base: TableMetadata, _ proposed: TableMetadata, _ removed: Set<Int64>
    ) throws(IcebergError) {
        let expected = base.unknownMembers.map { $0.withoutStatistics(of: removed) }
        let found = proposed.unknownMembers.map { $0.withoutStatistics(of: removed) }
        guard expected == found else { throw Self.inexpressible("statistics, or a member that is not known,") }
    }

    /// The id to be sent for one that the server may replace.
    private static func id(_ id: Int, _ added: [Int]) -> Int { id == added.last ? TableUpdate.lastAdded : id }

    private static func inexpressible(_ member: String) -> IcebergError {
        IcebergError(.unsupported, "a change of \(member) cannot be sent to a REST catalog")
    }
}

extension Snapshot.Member {
    /// Lists of statistics without those of some snapshots; any other member as it is.
    fileprivate func withoutStatistics(of snapshots: Set<Int64>) -> Snapshot.Member {
        guard !snapshots.isEmpty, ["statistics", "partition-statistics"].contains(name), let elements = value.elements
        else { return self }
        let kept = elements.filter { !($0["snapshot-id"]?.integer.map(snapshots.contains) ?? false) }
        return Snapshot.Member(name: name, value: .array(kept))
    }
}
