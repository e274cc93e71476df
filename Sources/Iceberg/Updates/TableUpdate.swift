internal import JSON

/// One change of a table's metadata, as a REST catalog applies it (Iceberg REST specification, `TableUpdate`).
public enum TableUpdate: Equatable, Sendable {
    /// Adds a schema; the server may give it another id.
    case addSchema(Schema, lastColumnID: Int)
    /// Makes a schema current; ``lastAdded`` stands for the one that this commit added last.
    case setCurrentSchema(Int)
    /// Adds a partition spec; the server may give it another id.
    case addPartitionSpec(PartitionSpec)
    /// Makes a partition spec the default; ``lastAdded`` stands for the one that this commit added last.
    case setDefaultSpec(Int)
    /// Adds a sort order; the server may give it another id.
    case addSortOrder(SortOrder)
    /// Makes a sort order the default; ``lastAdded`` stands for the one that this commit added last.
    case setDefaultSortOrder(Int)
    /// Moves the table's base location; its files stay where they are.
    case setLocation(String)
    /// Adds a snapshot, which no reference names yet.
    case addSnapshot(Snapshot)
    /// Makes a branch or tag, or replaces it whole, its retention included.
    case setReference(name: String, SnapshotReference)
    /// Removes a branch or tag.
    case removeReference(name: String)
    /// Removes snapshots from the history, and with them their statistics.
    case removeSnapshots([Int64])
    /// Sets table properties.
    case setProperties([String: String])
    /// Removes table properties.
    case removeProperties([String])

    /// In place of an id: that of the schema, spec or order that the same commit added last.
    public static let lastAdded = -1

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("action", action)
            switch self {
            case .addSchema(let schema, let lastColumnID):
                writer.member("schema") { schema.write(to: &$0) }
                writer.member("last-column-id", lastColumnID)
            case .setCurrentSchema(let id): writer.member("schema-id", id)
            case .addPartitionSpec(let spec): writer.member("spec") { spec.write(to: &$0) }
            case .setDefaultSpec(let id): writer.member("spec-id", id)
            case .addSortOrder(let order): writer.member("sort-order") { order.write(to: &$0) }
            case .setDefaultSortOrder(let id): writer.member("sort-order-id", id)
            case .setLocation(let location): writer.member("location", location)
            case .addSnapshot(let snapshot): writer.member("snapshot") { snapshot.write(to: &$0) }
            case .setReference(let name, let reference):
                writer.member("ref-name", name)
                reference.writeMembers(to: &writer)
            case .removeReference(let name): writer.member("ref-name", name)
            case .removeSnapshots(let ids):
                writer.member("snapshot-ids") { writer in writer.array { for id in ids { $0.integer(id) } } }
            case .setProperties(let properties):
                writer.member("updates") { writer in writer.object { $0.members(properties) } }
            case .removeProperties(let names):
                writer.member("removals") { writer in writer.array { for name in names { $0.string(name) } } }
            }
        }
    }

    /// The update's name in the specification.
    private var action: String {
        switch self {
        case .addSchema: "add-schema"
        case .setCurrentSchema: "set-current-schema"
        case .addPartitionSpec: "add-spec"
        case .setDefaultSpec: "set-default-spec"
        case .addSortOrder: "add-sort-order"
        case .setDefaultSortOrder: "set-default-sort-order"
        case .setLocation: "set-location"
        case .addSnapshot: "add-snapshot"
        case .setReference: "set-snapshot-ref"
        case .removeReference: "remove-snapshot-ref"
        case .removeSnapshots: "remove-snapshots"
        case .setProperties: "set-properties"
        case .removeProperties: "remove-properties"
        }
    }
}
