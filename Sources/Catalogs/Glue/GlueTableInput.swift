internal import AWS
internal import Iceberg
internal import JSON

/// What Glue is told of an Iceberg table (AWS Glue API reference, "TableInput structure").
enum GlueTableInput {
    /// The parameter that says what kind of table it is, and its value for Iceberg, which is read in any case.
    static let tableType = "table_type"
    static let iceberg = "ICEBERG"
    /// The parameter that names the current metadata file: the pointer that commits swap.
    static let metadataLocation = "metadata_location"
    static let previousMetadataLocation = "previous_metadata_location"
    /// The table property that engines show as the table's comment.
    static let comment = "comment"

    /// Of what GetTable returns, the members that UpdateTable takes beside those that a commit writes; it refuses the
    /// others, and forgets those that are left out.
    private static let kept = [
        "Description", "Owner", "LastAccessTime", "LastAnalyzedTime", "Retention", "PartitionKeys", "ViewOriginalText",
        "ViewExpandedText", "TargetTable",
    ]

    /// A table that Glue does not have yet.
    static func new(_ name: String, _ version: TableVersion) -> JSONValue {
        var members: [(name: String, value: JSONValue)] = [("Name", .string(name))]
        if let comment = version.metadata.properties[comment], !comment.isEmpty {
            members.append(("Description", .string(String(comment.prefix(2048)))))
        }
        members += [
            ("TableType", .string("EXTERNAL_TABLE")),
            (
                "StorageDescriptor",
                .object([
                    ("Columns", GlueColumns(of: version.metadata).value),
                    ("Location", .string(version.metadata.location)),
                ])
            ),
            (
                "Parameters",
                .object([(tableType, .string(iceberg)), (metadataLocation, .string(version.location))])
            ),
        ]
        return .object(members)
    }

    /// A table as it is to be after a commit: the pointer, the columns and the location are the new version's, and
    /// everything else is as Glue has it.
    static func update(_ existing: GlueTable, from base: TableVersion, to proposed: TableVersion) -> JSONValue {
        var members: [(name: String, value: JSONValue)] = [("Name", .string(existing.name))]
        for name in kept {
            if let value = existing.value[name], value != .null { members.append((name, value)) }
        }
        let descriptor = existing.value["StorageDescriptor"]
        let columns = GlueColumns(of: proposed.metadata, existing: descriptor?["Columns"]).value
        members += [
            ("TableType", .string(existing.type ?? "EXTERNAL_TABLE")),
            (
                "StorageDescriptor",
                replacing(
                    descriptor, [("Columns", columns), ("Location", .string(proposed.metadata.location))])
            ),
            (
                "Parameters",
                replacing(
                    existing.value["Parameters"],
                    [
                        (tableType, .string(iceberg)), (metadataLocation, .string(proposed.location)),
                        (previousMetadataLocation, .string(base.location)),
                    ])
            ),
        ]
        return .object(members)
    }

    /// An object with some members set; nulls, which Glue does not take, are left out.
    private static func replacing(_ object: JSONValue?, _ set: [(name: String, value: JSONValue)]) -> JSONValue {
        let names = Set(set.map(\.name))
        let kept = (object?.members ?? []).filter { !names.contains($0.name) && $0.value != .null }
        return .object(kept + set)
    }
}
