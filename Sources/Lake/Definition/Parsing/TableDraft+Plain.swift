internal import Columnar
internal import Iceberg

extension TableDraft {
    /// The types that a folder's name can hold and Athena reads from it.
    private static let folderTypes: [ColumnType] = [.int, .long, .date, .timestamp, .string]

    /// Complains about what a table of plain Parquet files cannot have: it has folders and files, and neither snapshots
    /// nor commits.
    static func checkPlain(_ object: DefinitionObject, _ partition: [ColumnTransform], _ columns: [ColumnDefinition]) {
        for name in ["sort", "retention"] {
            object[name]?.complain("is nothing that a table of format parquet has")
        }
        let elements = object["partition"]?.array() ?? []
        for element in elements {
            guard let term = element.value.string.flatMap(ColumnTransform.init(parsing:)) else { continue }
            if term.transform != .identity {
                element.complain(
                    "a table of format parquet is partitioned by its columns as they are: write \(term.column)")
            } else if let type = columns.last(where: { $0.name == term.column })?.type, !folderTypes.contains(type) {
                let allowed = folderTypes.map(\.rawValue).joined(separator: ", ")
                element.complain("a folder is not named after a column of type \(type.rawValue); it takes \(allowed)")
            }
        }
        if !columns.isEmpty, columns.allSatisfy({ column in partition.contains { $0.column == column.name } }) {
            object["partition"]?.complain("leaves no column for the files: there is no column that is not in it")
        }
        for column in columns where column.type == .timestamptz {
            object["columns"]?.complain(
                "Athena reads no timestamptz from a table of format parquet: make the column \"\(column.name)\" a timestamp"
            )
        }
    }
}
