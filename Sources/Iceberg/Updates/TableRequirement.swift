internal import JSON

/// What must hold for a REST catalog to take a commit (Iceberg REST specification, `TableRequirement`).
public enum TableRequirement: Equatable, Sendable {
    /// The table has this UUID: it was not dropped and made again.
    case tableUUID(String)
    /// A branch or tag names this snapshot; nil: there is no such reference.
    case referenceSnapshotID(name: String, Int64?)
    /// The highest field id given out.
    case lastAssignedFieldID(Int)
    /// The schema that writers use.
    case currentSchemaID(Int)
    /// The highest partition field id given out.
    case lastAssignedPartitionID(Int)
    /// The partition spec that writers use.
    case defaultSpecID(Int)
    /// The sort order that writers use.
    case defaultSortOrderID(Int)

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            switch self {
            case .tableUUID(let uuid):
                writer.member("type", "assert-table-uuid")
                writer.member("uuid", uuid)
            case .referenceSnapshotID(let name, let snapshotID):
                writer.member("type", "assert-ref-snapshot-id")
                writer.member("ref", name)
                writer.member("snapshot-id", snapshotID.map { .integer($0) } ?? .null)
            case .lastAssignedFieldID(let id): Self.write("last-assigned-field-id", id, to: &writer)
            case .currentSchemaID(let id): Self.write("current-schema-id", id, to: &writer)
            case .lastAssignedPartitionID(let id): Self.write("last-assigned-partition-id", id, to: &writer)
            case .defaultSpecID(let id): Self.write("default-spec-id", id, to: &writer)
            case .defaultSortOrderID(let id): Self.write("default-sort-order-id", id, to: &writer)
            }
        }
    }

    /// Requirements of one number are called after their member.
    private static func write(_ member: String, _ id: Int, to writer: inout JSONWriter) {
        writer.member("type", "assert-\(member)")
        writer.member(member, id)
    }
}
