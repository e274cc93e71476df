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
    /// The table property that names who answers for the data; Glue has a place of its own for it.
    static let owner = "owner"
    /// The table properties that are shown as parameters too, so that the catalogue tells who answers for a table, how
    /// far it is refined and what must be handled with care.
    private static let governance = [owner, "layer", "classification"]

    /// Of what GetTable returns, the members that UpdateTable takes beside those that a commit writes; it refuses the
    /// others, and forgets those that are left out.
    static let kept = [
        "Description", "Owner", "LastAccessTime", "LastAnalyzedTime", "Retention", "PartitionKeys", "ViewOriginalText",
        "ViewExpandedText", "TargetTable",
    ]

    /// A table that Glue does not have yet.
    static func new(_ name: String, _ version: TableVersion) -> JSONValue {
        var members: [(name: String, value: JSONValue)] = [("Name", .string(name))]
        let properties = version.metadata.properties
        if let comment = properties[comment], !comment.isEmpty {
            members.append(("Description", .string(GlueText.line(comment, GlueText.description))))
        }
        if let owner = owner(properties) { members.append(("Owner", owner)) }
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
                .object(
                    [(tableType, .string(iceberg)), (metadataLocation, .string(version.location))]
                        + governance.compactMap { name in properties[name].map { (name, .string($0)) } })
            ),
        ]
        return .object(members)
    }

    /// A table as it is to be after a commit: the pointer, the columns and the location are the new version's, and so is
    /// what it says for people where the commit changed that; everything else is as Glue has it.
    static func update(_ existing: GlueTable, from base: TableVersion, to proposed: TableVersion) -> JSONValue {
        let (before, after) = (base.metadata.properties, proposed.metadata.properties)
        var members: [(name: String, value: JSONValue)] = [("Name", .string(existing.name))]
        for name in kept {
            var value = existing.value[name]
            if name == "Description", before[comment] != after[comment] {
                value = after[comment].map { .string(GlueText.line($0, GlueText.description)) }
            }
            if name == "Owner", before[owner] != after[owner] { value = owner(after) }
            if let value, value != .null { members.append((name, value)) }
        }
        let changed = governance.filter { before[$0] != after[$0] }
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
                    ] + changed.map { ($0, after[$0].map { .string($0) } ?? .null) })
            ),
        ]
        return .object(members)
    }

    private static func owner(_ properties: [String: String]) -> JSONValue? {
        properties[owner].flatMap { $0.isEmpty ? nil : .string(GlueText.line($0, GlueText.owner)) }
    }

    /// An object with some members set; nulls, which Glue does not take, are left out.
    static func replacing(_ object: JSONValue?, _ set: [(name: String, value: JSONValue)]) -> JSONValue {
        let names = Set(set.map(\.name))
        let kept = (object?.members ?? []).filter { !names.contains($0.name) }
        return .object((kept + set).filter { $0.value != .null })
    }
}
