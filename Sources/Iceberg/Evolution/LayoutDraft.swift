/// The partition spec and sort order that a table gets, made for a schema.
enum LayoutDraft {
    /// The spec of these terms. A field of the same column and transform as one of any earlier spec keeps its id, so
    /// that engines see one partition field in old and new files ("Partition Evolution").
    /// - Parameter lastPartitionID: highest partition field id given out; grows with each new field.
    static func partitionSpec(
        _ terms: [PartitionTerm], _ schema: Schema, earlier specs: [PartitionSpec], lastPartitionID: inout Int
    ) throws(IcebergError) -> PartitionSpec {
        var fields: [PartitionField] = []
        for term in terms {
            let source = try column(term.column, in: schema)
            let known = specs.lazy.flatMap(\.fields).first {
                $0.sourceID == source.id && $0.transform == term.transform
            }
            guard
                !fields.contains(where: {
                    $0.sourceID == source.id
                        && ($0.transform == term.transform || $0.transform.isOfTime && term.transform.isOfTime)
                })
            else {
                throw IcebergError(
                    .invalid, "two partition fields of it say the same, or one says what the other does",
                    at: term.column)
            }
            guard !term.name.isEmpty, !fields.contains(where: { $0.name == term.name }) else {
                throw IcebergError(
                    .invalid, "the partition field's name \"\(term.name)\" is empty or used twice", at: term.column)
            }
            let (next, overflows) = lastPartitionID.addingReportingOverflow(1)
            guard !overflows else { throw IcebergError(.malformed, "the partition field ids have run out") }
            let field = PartitionField(
                sourceID: source.id, fieldID: known?.fieldID ?? next, name: term.name, transform: term.transform)
            if known == nil { lastPartitionID = next }
            fields.append(field)
        }
        return PartitionSpec(specID: 0, fields: fields)
    }

    /// The order of these terms.
    static func sortOrder(_ terms: [SortTerm], _ schema: Schema) throws(IcebergError) -> SortOrder {
        var fields: [SortOrder.Field] = []
        for term in terms {
            let source = try column(term.column, in: schema)
            guard
                !fields.contains(where: { $0.sourceID == source.id && $0.transform == term.transform })
            else { throw IcebergError(.invalid, "it is a key of the sort order twice", at: term.column) }
            fields.append(
                SortOrder.Field(
                    sourceID: source.id, transform: term.transform, direction: term.direction,
                    nullOrder: term.nullOrder))
        }
        return SortOrder(orderID: 0, fields: fields)
    }

    /// Checks that a spec and an order fit the schema they are used with: their columns are there, their transforms take
    /// them, and no partition field has the name of another column.
    static func check(
        _ spec: PartitionSpec, _ order: SortOrder, with schema: Schema, before: Schema
    ) throws(IcebergError) {
        for field in spec.fields where field.transform != .void {
            guard let source = schema.nestedField(id: field.sourceID) else {
                throw IcebergError(
                    .invalid, "the table is partitioned by it (\(field.name)), so it cannot be dropped",
                    at: name(field.sourceID, before))
            }
            do {
                _ = try field.resultType(in: schema)
            } catch {
                throw error.at(source.name)
            }
        }
        for field in spec.fields {
            // An identity field may carry its own column's name, which no other may.
            guard let column = schema.field(named: field.name) else { continue }
            guard field.transform == .identity, column.id == field.sourceID else {
                throw IcebergError(.invalid, "a column and a partition field cannot share a name", at: field.name)
            }
        }
        for field in order.fields {
            guard let source = schema.nestedField(id: field.sourceID) else {
                throw IcebergError(
                    .invalid, "the table is sorted by it, so it cannot be dropped", at: name(field.sourceID, before))
            }
            guard field.transform.resultType(of: source.type) != nil else {
                throw IcebergError(.invalid, "the transform \(field.transform) does not take it", at: source.name)
            }
        }
    }

    /// Checks that the table can be read with the specs it has had: engines bind each of them to the current schema, some
    /// when they open the table. A column that one uses must stay, and no new column may have a partition field's name.
    static func check(
        earlier specs: [PartitionSpec], with schema: Schema, before: Schema
    ) throws(IcebergError) {
        for field in specs.lazy.flatMap(\.fields) {
            if field.transform != .void, before.nestedField(id: field.sourceID) != nil,
                schema.nestedField(id: field.sourceID) == nil
            {
                throw IcebergError(
                    .invalid,
                    "the table was partitioned by it once (\(field.name)), and engines cannot read it without the column, "
                        + "so it cannot be dropped", at: name(field.sourceID, before))
            }
            guard let column = schema.field(named: field.name), before.field(id: column.id) == nil,
                column.id != field.sourceID
            else { continue }
            throw IcebergError(
                .invalid, "a partition field had this name once, and engines cannot read a column of it",
                at: column.name)
        }
    }

    private static func column(_ name: String, in schema: Schema) throws(IcebergError) -> NestedField {
        guard let field = schema.field(named: name) else {
            throw IcebergError(.invalid, "there is no column of this name", at: name)
        }
        return field
    }

    private static func name(_ id: Int, _ schema: Schema) -> String {
        schema.nestedField(id: id)?.name ?? "field \(id)"
    }
}

extension Transform {
    /// Whether it cuts time, so that two such fields of one column would nest.
    fileprivate var isOfTime: Bool {
        switch self {
        case .year, .month, .day, .hour: true
        default: false
        }
    }
}
