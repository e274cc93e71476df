public import Iceberg

extension TableDefinition {
    /// What this definition says otherwise than a table that exists, for the warning of a function that starts:
    /// partition, sort order, which columns are required, and properties with those that retention means.
    ///
    /// A column that the table lacks or has with another type is no matter of this list: ``columnDecodings(for:)``
    /// refuses it. Columns and properties that only the table has, and comments, change nothing for the function.
    public func differences(from metadata: TableMetadata) -> [String] {
        let evolution = evolution(of: metadata)
        let applied = evolution.differences.filter {
            switch $0.kind {
            case .partition, .sort, .required: true
            case .property: $0.definition != nil
            case .column, .type, .doc, .record: false
            }
        }.map { "\($0.subject): \($0.table ?? "none") in the table, \($0.definition ?? "none") in the definition" }
        let required = columns.filter { column in
            column.isRequired && metadata.currentSchema?.field(named: column.name)?.isRequired == false
        }.map { "column \($0.name): not required in the table, required in the definition" }
        return applied + required
    }
}
