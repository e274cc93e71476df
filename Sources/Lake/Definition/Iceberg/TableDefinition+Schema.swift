public import Columnar
public import Iceberg

extension TableDefinition {
    /// The schema of a new table: field ids count from 1 in the columns' order.
    public func icebergSchema() -> Schema {
        Schema(
            schemaID: 0,
            fields: columns.enumerated().map { index, column in
                NestedField(
                    id: index + 1, name: column.name, type: column.type.icebergType, isRequired: column.isRequired,
                    doc: column.doc)
            })
    }

    /// The partition spec of a new table.
    public func partitionSpec() -> PartitionSpec {
        PartitionSpec(
            specID: 0,
            fields: partition.enumerated().map { index, term in
                PartitionField(
                    sourceID: fieldID(of: term.column), fieldID: 1000 + index, name: term.fieldName,
                    transform: term.transform)
            })
    }

    /// The sort order of a new table.
    public func sortOrder() -> SortOrder {
        guard !sort.isEmpty else { return .unsorted }
        return SortOrder(
            orderID: 1,
            fields: sort.map { key in
                SortOrder.Field(
                    sourceID: fieldID(of: key.term.column), transform: key.term.transform, direction: key.direction,
                    nullOrder: key.nullOrder)
            })
    }

    private func fieldID(of column: String) -> Int {
        guard let index = columns.firstIndex(where: { $0.name == column }) else {
            preconditionFailure("parsing lets no term name a column that does not exist")
        }
        return index + 1
    }
}

extension ColumnType {
    /// The same type as tables know it.
    public var icebergType: Type {
        switch self {
        case .boolean: .boolean
        case .int: .int
        case .long: .long
        case .float: .float
        case .double: .double
        case .date: .date
        case .timestamp: .timestamp
        case .timestamptz: .timestamptz
        case .string: .string
        case .binary: .binary
        }
    }
}
