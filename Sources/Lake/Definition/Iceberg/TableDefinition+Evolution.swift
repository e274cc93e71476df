internal import Columnar
public import Iceberg

extension TableDefinition {
    /// What a table that exists lacks to follow this definition.
    ///
    /// The order of columns is no difference: readers go by names. A comment that the definition does not give, and a
    /// property that no definition gave, is other engines' business. A column that only the table has is refused, unless
    /// columns may be dropped.
    /// - Parameter allowsDrop: whether columns may be dropped although the definition does not say so itself.
    public func evolution(of metadata: TableMetadata, allowsDrop: Bool = false) -> TableEvolution {
        var evolution = TableEvolution()
        guard let schema = metadata.currentSchema else {
            evolution.refuse(nil, "the table's metadata has no current schema")
            return evolution
        }
        for column in columns {
            if let field = schema.field(named: column.name) {
                compare(column, field, schema, &evolution)
            } else {
                add(column, schema, &evolution)
            }
        }
        for field in schema.fields where column(named: field.name) == nil {
            drop(field, metadata, isAllowed: allowsDrop || self.allowsDrop, &evolution)
        }
        comparePartition(metadata, schema, &evolution)
        compareSort(metadata, schema, &evolution)
        compareProperties(metadata, &evolution)
        return evolution
    }

    /// What a new table of this definition is made with, as the lines of a plan.
    func creationLines() -> [String] {
        var evolution = TableEvolution()
        for column in columns {
            evolution.differ(.column, "column \(column.name)", nil, Self.text(column))
        }
        if !partition.isEmpty {
            evolution.differ(.partition, "partition", nil, Self.list(partition.map(\.description)))
        }
        if !sort.isEmpty { evolution.differ(.sort, "sort", nil, Self.list(sort.map(\.description))) }
        for (name, value) in givenProperties.sorted(by: { $0.key < $1.key }) {
            evolution.differ(.property, "property \(name)", nil, value)
        }
        return evolution.lines
    }

    // MARK: - Columns

    private func add(_ column: ColumnDefinition, _ schema: Schema, _ evolution: inout TableEvolution) {
        if column.isRequired {
            evolution.refuse(
                column.name,
                "new, and required: rows that are in the table have no value for it; take \"required\" out of it")
            return
        }
        // Glue and Athena know no case.
        if let other = schema.fields.first(where: { $0.name.lowercased() == column.name }) {
            evolution.refuse(
                column.name, "the table has a column \"\(other.name)\", which engines without case take for the same")
            return
        }
        evolution.differ(.column, "column \(column.name)", nil, Self.text(column))
        evolution.changes.append(.addColumn(name: column.name, type: column.type.icebergType, doc: column.doc))
    }

    private func compare(
        _ column: ColumnDefinition, _ field: NestedField, _ schema: Schema, _ evolution: inout TableEvolution
    ) {
        let (name, subject) = (column.name, "column \(column.name)")
        let type = column.type.icebergType
        let tableType = field.type.name ?? "struct, list or map"
        if field.type != type {
            if field.type.widens(to: type) {
                evolution.differ(.type, subject, tableType, column.type.rawValue)
                evolution.changes.append(.widenColumn(name: name, to: type))
            } else {
                let fault = type.widens(to: field.type) ? "values may not fit" : "Iceberg has no such change of a type"
                evolution.refuse(
                    name,
                    "\(tableType) in the table, \(column.type.rawValue) in the definition: \(fault); int may become "
                        + "long, and float double")
            }
        }
        if field.isRequired, !column.isRequired {
            if schema.identifierFieldIDs.contains(field.id) {
                evolution.refuse(name, "identifies rows of the table, so it stays required")
            } else {
                evolution.differ(.required, subject, Self.word(true), Self.word(false))
                evolution.changes.append(.makeOptional(name: name))
            }
        } else if column.isRequired, !field.isRequired {
            evolution.refuse(
                name, "not required in the table, required in the definition: rows that are there may lack it")
        }
        if let doc = column.doc, doc != field.doc {
            evolution.differ(.doc, "\(subject) doc", field.doc.map(Self.quoted), Self.quoted(doc))
            evolution.changes.append(.setDoc(column: name, doc: doc))
        }
    }

    private func drop(
        _ field: NestedField, _ metadata: TableMetadata, isAllowed: Bool, _ evolution: inout TableEvolution
    ) {
        func refuse(_ reason: String) { evolution.refuse(field.name, reason) }
        let ids = Set(Schema(schemaID: 0, fields: [field]).allFieldIDs)
        guard isAllowed else {
            return refuse(
                "only the table has it, and its values would be lost; put it into the definition, or allow it to be "
                    + "dropped with \"allowDrop\"")
        }
        // Files are kept under the spec they were written with, for which its source must be there.
        if metadata.partitionSpecs.contains(where: { spec in
            spec.fields.contains { $0.transform != .void && ids.contains($0.sourceID) }
        }) {
            return refuse("cannot be dropped: partitions of the table are made of it")
        }
        if metadata.defaultSortOrder?.fields.contains(where: { ids.contains($0.sourceID) }) == true {
            return refuse("cannot be dropped while the table is sorted by it; let the sort order go first")
        }
        if metadata.currentSchema?.identifierFieldIDs.contains(where: ids.contains) == true {
            return refuse("cannot be dropped: it identifies rows of the table")
        }
        evolution.differ(.column, "column \(field.name)", field.type.name ?? "struct, list or map", nil)
        evolution.changes.append(.dropColumn(name: field.name))
    }

    // MARK: - Partition and order

    private func comparePartition(_ metadata: TableMetadata, _ schema: Schema, _ evolution: inout TableEvolution) {
        // A partition field that was dropped from a version 1 table stays as void.
        let fields = metadata.defaultSpec?.fields.filter { $0.transform != .void } ?? []
        let terms = fields.map { Self.term($0.transform, $0.sourceID, schema) }
        guard terms != partition.map(\.description) else { return }
        evolution.differ(.partition, "partition", Self.list(terms), Self.list(partition.map(\.description)))
        evolution.changes.append(
            .setPartition(
                partition.map { PartitionTerm(column: $0.column, transform: $0.transform, name: $0.fieldName) }))
    }

    private func compareSort(_ metadata: TableMetadata, _ schema: Schema, _ evolution: inout TableEvolution) {
        let keys = (metadata.defaultSortOrder?.fields ?? []).map {
            SortKey.text(Self.term($0.transform, $0.sourceID, schema), $0.direction, $0.nullOrder)
        }
        guard keys != sort.map(\.description) else { return }
        evolution.differ(.sort, "sort", Self.list(keys), Self.list(sort.map(\.description)))
        evolution.changes.append(
            .setSortOrder(
                sort.map {
                    SortTerm(
                        column: $0.term.column, transform: $0.term.transform, direction: $0.direction,
                        nullOrder: $0.nullOrder)
                }))
    }

    private static func term(_ transform: Transform, _ source: Int, _ schema: Schema) -> String {
        ColumnTransform(transform, of: schema.field(id: source)?.name ?? "field \(source)").description
    }

    // MARK: - Properties

    private func compareProperties(_ metadata: TableMetadata, _ evolution: inout TableEvolution) {
        let given = givenProperties
        var set: [String: String] = [:]
        for (name, value) in given.sorted(by: { $0.key < $1.key }) where metadata.properties[name] != value {
            let kind: TableEvolution.Difference.Kind = name == TableProperty.comment ? .doc : .property
            evolution.differ(kind, "property \(name)", metadata.properties[name], value)
            set[name] = value
        }
        let recorded = metadata.properties[TableProperty.given]
        let removed = TableProperty.names(ofList: recorded).filter {
            given[$0] == nil && metadata.properties[$0] != nil
        }
        for name in removed { evolution.differ(.property, "property \(name)", metadata.properties[name], nil) }
        let list = TableProperty.list(given.keys)
        if list != (recorded ?? TableProperty.list([])) {
            evolution.differ(.record, "property \(TableProperty.given)", recorded, list)
            set[TableProperty.given] = list
        }
        if !set.isEmpty { evolution.changes.append(.setProperties(set)) }
        if !removed.isEmpty { evolution.changes.append(.removeProperties(removed)) }
    }

    // MARK: - Words

    private static func text(_ column: ColumnDefinition) -> String {
        column.type.rawValue + (column.isRequired ? " required" : "")
    }

    private static func list(_ parts: [String]) -> String? { parts.isEmpty ? nil : parts.joined(separator: ", ") }

    private static func word(_ isRequired: Bool) -> String { isRequired ? "required" : "not required" }

    private static func quoted(_ text: String) -> String { "\"\(text)\"" }
}

extension SortKey: CustomStringConvertible {
    /// As a definition spells it, with every word.
    public var description: String { Self.text(term.description, direction, nullOrder) }

    static func text(
        _ term: String, _ direction: SortOrder.Direction, _ nullOrder: SortOrder.NullOrder
    ) -> String {
        "\(term) \(direction.rawValue) nulls \(nullOrder == .first ? "first" : "last")"
    }
}

extension Type {
    /// Whether every value of this type is one of the other, as far as Iceberg lets types grow ("Schema Evolution").
    func widens(to other: Type) -> Bool {
        switch (self, other) {
        case (.int, .long), (.float, .double): true
        default: false
        }
    }
}
