public import Iceberg

extension TableDefinition {
    /// What this definition says otherwise than a table that exists, and what nothing applies to that table: partition,
    /// sort order, which columns are required, and properties with those that retention means.
    ///
    /// A column that the table lacks or has with another type is no matter of this list: ``columnDecodings(for:)``
    /// refuses it. Columns and properties that only the table has are other engines' business, and comments nobody's.
    public func differences(from metadata: TableMetadata) -> [String] {
        guard let schema = metadata.currentSchema else { return [] }
        var differences: [String] = []
        func compare(_ what: String, _ table: [String], _ definition: [String]) {
            func words(_ parts: [String]) -> String { parts.isEmpty ? "none" : parts.joined(separator: ", ") }
            guard table != definition else { return }
            differences.append("\(what): \(words(table)) in the table, \(words(definition)) in the definition")
        }
        func term(_ transform: Transform, _ source: Int) -> String {
            ColumnTransform(transform, of: schema.field(id: source)?.name ?? "field \(source)").description
        }
        // A partition field that was dropped from a version 1 table stays as void.
        let tableFields = metadata.defaultSpec?.fields.filter { $0.transform != .void } ?? []
        compare("partition", tableFields.map { term($0.transform, $0.sourceID) }, partition.map(\.description))
        compare(
            "sort",
            metadata.defaultSortOrder?.fields.map {
                Self.sortKey(term($0.transform, $0.sourceID), $0.direction, $0.nullOrder)
            } ?? [],
            sort.map { Self.sortKey($0.term.description, $0.direction, $0.nullOrder) })
        for column in columns {
            guard let field = schema.field(named: column.name), field.isRequired != column.isRequired else { continue }
            compare("column \(column.name)", [Self.word(field.isRequired)], [Self.word(column.isRequired)])
        }
        for (name, value) in givenProperties.sorted(by: { $0.key < $1.key }) {
            compare("property \(name)", metadata.properties[name].map { [$0] } ?? [], [value])
        }
        return differences
    }

    /// The properties that the file asks for itself, without those that every new table gets.
    private var givenProperties: [String: String] {
        icebergProperties().filter { name, _ in
            properties[name] != nil
                || [
                    TableProperty.maximumSnapshotAge, TableProperty.maximumSnapshots, TableProperty.minimumSnapshots,
                ].contains(name)
        }
    }

    private static func sortKey(
        _ term: String, _ direction: SortOrder.Direction, _ nullOrder: SortOrder.NullOrder
    ) -> String {
        "\(term) \(direction.rawValue) nulls \(nullOrder == .first ? "first" : "last")"
    }

    private static func word(_ isRequired: Bool) -> String { isRequired ? "required" : "not required" }
}
