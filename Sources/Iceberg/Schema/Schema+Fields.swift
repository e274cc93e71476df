public import Columnar

extension Schema {
    /// Ids of all columns and of the fields, elements, keys and values inside them.
    public var allFieldIDs: [Int] {
        var ids: [Int] = []
        for field in fields {
            ids.append(field.id)
            field.type.appendIDs(to: &ids)
        }
        return ids
    }

    /// The field of this id, a column or a field inside structs; nil inside lists and maps.
    public func nestedField(id: Int) -> NestedField? {
        var waiting = fields[...]
        while let field = waiting.popFirst() {
            if field.id == id { return field }
            if case .struct(let inner) = field.type { waiting.append(contentsOf: inner) }
        }
        return nil
    }

    /// The columns as the writers of data files need them.
    /// - Throws: ``IcebergError/Code/unsupported`` for a column of a type that is not written, naming it.
    public func columns() throws(IcebergError) -> [Field] {
        var columns: [Field] = []
        columns.reserveCapacity(fields.count)
        for field in fields {
            guard let type = field.type.columnType else {
                throw IcebergError(
                    .unsupported, "columns of type \(field.type.name ?? "struct, list or map") are not written yet",
                    at: field.name)
            }
            guard let id = Int32(exactly: field.id) else {
                throw IcebergError(.malformed, "the field id does not fit 32 bits", at: field.name)
            }
            columns.append(Field(name: field.name, type: type, isRequired: field.isRequired, id: id))
        }
        return columns
    }
}

extension Type {
    /// The column that holds this type, or nil if this library does not write it.
    public var columnType: ColumnType? {
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
        case .decimal, .time, .uuid, .fixed, .struct, .list, .map: nil
        }
    }

    fileprivate func appendIDs(to ids: inout [Int]) {
        switch self {
        case .struct(let fields):
            for field in fields {
                ids.append(field.id)
                field.type.appendIDs(to: &ids)
            }
        case .list(let elementID, let element, _):
            ids.append(elementID)
            element.appendIDs(to: &ids)
        case .map(let keyID, let key, let valueID, let value, _):
            ids.append(keyID)
            key.appendIDs(to: &ids)
            ids.append(valueID)
            value.appendIDs(to: &ids)
        default: break
        }
    }
}
