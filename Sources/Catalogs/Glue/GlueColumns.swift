internal import Iceberg
internal import JSON

/// A table's columns as Glue shows them: those of the current schema, then those that only older schemas have. They are
/// for people and crawlers; engines read the metadata file.
struct GlueColumns {
    /// Glue's longest column name, in characters.
    static let maximumNameCount = 255

    /// The value of `StorageDescriptor.Columns`.
    let value: JSONValue

    /// - Parameter existing: the columns as they stand, whose comments are kept where the schema has none.
    init(of metadata: TableMetadata, existing: JSONValue? = nil) {
        var comments: [String: String] = [:]
        for column in existing?.elements ?? [] {
            guard let name = column["Name"]?.string, let comment = column["Comment"]?.string else { continue }
            comments[name.lowercased()] = comment
        }
        var names: Set<String> = []
        var columns: [JSONValue] = []
        func append(_ schema: Schema, isCurrent: Bool) {
            for field in schema.fields {
                // Glue has no case in column names, and refuses the whole table for one that is too long.
                let name = field.name.lowercased()
                guard !field.name.isEmpty, field.name.utf16.count <= Self.maximumNameCount,
                    names.insert(name).inserted
                else { continue }
                columns.append(Self.column(field, isCurrent, comment: field.doc ?? comments[name]))
            }
        }
        if let current = metadata.currentSchema { append(current, isCurrent: true) }
        for schema in metadata.schemas where schema.schemaID != metadata.currentSchemaID {
            append(schema, isCurrent: false)
        }
        value = .array(columns)
    }

    private static func column(_ field: NestedField, _ isCurrent: Bool, comment: String?) -> JSONValue {
        var members: [(name: String, value: JSONValue)] = [
            ("Name", .string(field.name)), ("Type", .string(field.type.hiveName)),
        ]
        if let comment = comment.map({ GlueText.line($0, GlueText.comment) }), !comment.isEmpty {
            members.append(("Comment", .string(comment)))
        }
        members.append(
            (
                "Parameters",
                .object([
                    ("iceberg.field.id", .string("\(field.id)")),
                    ("iceberg.field.optional", .string("\(!field.isRequired)")),
                    ("iceberg.field.current", .string("\(isCurrent)")),
                ])
            ))
        return .object(members)
    }
}
