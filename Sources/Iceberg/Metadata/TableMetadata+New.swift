/// A partition field of a table to be made, by its column's name.
public struct NewPartitionField: Hashable, Sendable {
    /// The column's name.
    public var column: String
    /// How the value is made.
    public var transform: Transform
    /// The partition field's name; nil gives the usual one, such as `timestamp_sent_hour`.
    public var name: String?

    /// A field.
    public init(column: String, transform: Transform, name: String? = nil) {
        self.column = column
        self.transform = transform
        self.name = name
    }
}

/// A sort field of a table to be made, by its column's name.
public struct NewSortField: Hashable, Sendable {
    /// The column's name.
    public var column: String
    /// What is compared.
    public var transform: Transform
    /// Which end comes first.
    public var direction: SortOrder.Direction
    /// Where nulls go.
    public var nullOrder: SortOrder.NullOrder

    /// A field; nulls go first when ascending and last when descending, as the spec suggests.
    public init(
        column: String, transform: Transform = .identity, direction: SortOrder.Direction = .ascending,
        nullOrder: SortOrder.NullOrder? = nil
    ) {
        self.column = column
        self.transform = transform
        self.direction = direction
        self.nullOrder = nullOrder ?? (direction == .ascending ? .first : .last)
    }
}

extension TableMetadata {
    /// An empty table with fresh ids: fields count from 1, partition fields from 1000.
    /// - Parameters:
    ///   - columns: the columns in order; their ids are replaced.
    ///   - identifierColumns: names of the columns that together identify a row.
    ///   - nowMs: milliseconds since the epoch.
    /// - Throws: ``IcebergError/Code/invalid`` for names used twice, columns that do not exist, and transforms that do
    ///   not take their columns.
    public static func new(
        tableUUID: String, location: String, columns: [NestedField], identifierColumns: [String] = [],
        partition: [NewPartitionField] = [], sort: [NewSortField] = [], properties: [String: String] = [:],
        nowMs: Int64
    ) throws(IcebergError) -> TableMetadata {
        var lastColumnID = 0
        let fields = try freshIDs(columns, after: &lastColumnID)
        var schema = Schema(schemaID: 0, fields: fields)
        for name in identifierColumns {
            let field = try column(name, in: schema)
            guard field.isRequired, field.type.isPrimitive, field.type != .float, field.type != .double else {
                throw IcebergError(.invalid, "an identifier column must be required, and no float or double", at: name)
            }
            schema.identifierFieldIDs.append(field.id)
        }
        let spec = try partitionSpec(partition, schema)
        let order = try sortOrder(sort, schema)
        var location = location
        while location.hasSuffix("/") { location.removeLast() }
        let metadata = TableMetadata(
            tableUUID: tableUUID, location: location, schema: schema, partitionSpec: spec, sortOrder: order,
            properties: properties, lastColumnID: lastColumnID, nowMs: nowMs)
        try metadata.validate()
        return metadata
    }

    /// Adds optional columns, with fresh ids, in a new schema that becomes the current one.
    /// - Throws: ``IcebergError/Code/invalid`` for a required column, whose value older rows would lack, and for a name
    ///   that is taken.
    public mutating func addColumns(_ columns: [NestedField]) throws(IcebergError) {
        guard !columns.isEmpty else { return }
        guard let current = currentSchema else {
            throw IcebergError(.malformed, "names no schema", at: "current-schema-id")
        }
        for column in columns {
            guard !column.isRequired else {
                throw IcebergError(.invalid, "a column that is added must be optional", at: column.name)
            }
            guard current.field(named: column.name) == nil else {
                throw IcebergError(.invalid, "the table has a column of this name", at: column.name)
            }
        }
        var schema = current
        schema.fields += try Self.freshIDs(columns, after: &lastColumnID)
        schema.schemaID = (schemas.map(\.schemaID).max() ?? -1) + 1
        schemas.append(schema)
        currentSchemaID = schema.schemaID
    }

    private static func partitionSpec(
        _ partition: [NewPartitionField], _ schema: Schema
    ) throws(IcebergError) -> PartitionSpec {
        var fields: [PartitionField] = []
        for new in partition {
            let source = try column(new.column, in: schema)
            let field = PartitionField(
                sourceID: source.id, fieldID: 1000 + fields.count,
                name: new.name ?? new.transform.defaultFieldName(for: new.column), transform: new.transform)
            _ = try field.resultType(in: schema)
            guard !fields.contains(where: { $0.name == field.name }) else {
                throw IcebergError(.invalid, "two partition fields have this name", at: field.name)
            }
            // An identity field may carry its own column's name, which no other may.
            guard schema.field(named: field.name) == nil || field.transform == .identity && field.name == source.name
            else { throw IcebergError(.invalid, "a partition field has the name of a column", at: field.name) }
            fields.append(field)
        }
        return PartitionSpec(specID: 0, fields: fields)
    }

    private static func sortOrder(_ sort: [NewSortField], _ schema: Schema) throws(IcebergError) -> SortOrder {
        var fields: [SortOrder.Field] = []
        for new in sort {
            let source = try column(new.column, in: schema)
            guard new.transform.resultType(of: source.type) != nil else {
                throw IcebergError(.invalid, "the transform \(new.transform) does not take it", at: new.column)
            }
            fields.append(
                SortOrder.Field(
                    sourceID: source.id, transform: new.transform, direction: new.direction,
                    nullOrder: new.nullOrder))
        }
        return fields.isEmpty ? .unsorted : SortOrder(orderID: 1, fields: fields)
    }

    private static func column(_ name: String, in schema: Schema) throws(IcebergError) -> NestedField {
        guard let field = schema.field(named: name) else {
            throw IcebergError(.invalid, "there is no column of this name", at: name)
        }
        return field
    }

    /// A struct's fields are numbered before the fields inside them.
    static func freshIDs(
        _ fields: [NestedField], after last: inout Int
    ) throws(IcebergError) -> [NestedField] {
        var names: Set<String> = []
        var fresh = fields
        for index in fresh.indices {
            guard !fresh[index].name.isEmpty, names.insert(fresh[index].name).inserted else {
                throw IcebergError(.invalid, "a column's name is empty or used twice", at: fresh[index].name)
            }
            last += 1
            fresh[index].id = last
        }
        for index in fresh.indices { fresh[index].type = try freshIDs(fresh[index].type, after: &last) }
        return fresh
    }

    private static func freshIDs(_ type: Type, after last: inout Int) throws(IcebergError) -> Type {
        switch type {
        case .struct(let fields): return .struct(try freshIDs(fields, after: &last))
        case .list(_, let element, let elementRequired):
            last += 1
            let id = last
            return .list(
                elementID: id, element: try freshIDs(element, after: &last), elementRequired: elementRequired)
        case .map(_, let key, _, let value, let valueRequired):
            last += 2
            let (keyID, valueID) = (last - 1, last)
            return .map(
                keyID: keyID, key: try freshIDs(key, after: &last), valueID: valueID,
                value: try freshIDs(value, after: &last), valueRequired: valueRequired)
        default: return type
        }
    }
}
