internal import Columnar
public import Iceberg

extension TableDefinition {
    /// How records become rows of a table that has this schema, in the schema's order of columns. A column that the
    /// schema has and the definition lacks is read as its type usually is; one of a type that no record can fill is
    /// left out, and so is null.
    /// - Throws: ``DefinitionError`` if the definition has a column that the schema lacks or has with another type, unless
    ///   that is the wider one, or if the schema requires a column that no record can fill.
    public func columnDecodings(for schema: Schema) throws(DefinitionError) -> [ColumnDecoding] {
        var problems: [DefinitionError.Problem] = []
        func add(_ message: String) {
            problems.append(DefinitionError.Problem(path: identifier.description, message: message))
        }
        for column in columns {
            guard let field = schema.field(named: column.name) else {
                add(
                    "the table lacks the column \"\(column.name)\" of the definition; run bootstrap-tables, which adds "
                        + "it, or take it out of the definition")
                continue
            }
            // A table that grew first is no fault: a function with an earlier definition writes what the table has.
            if field.type != column.type.icebergType, !column.type.icebergType.widens(to: field.type) {
                add(
                    "the column \"\(column.name)\" is of type \(column.type.rawValue) in the definition but of another in "
                        + "the table; run bootstrap-tables, which widens it where Iceberg lets that type grow into this "
                        + "one, or change the definition back")
            }
        }
        var decodings: [ColumnDecoding] = []
        for field in schema.fields {
            guard let type = field.type.columnType, let id = Int32(exactly: field.id) else {
                if field.isRequired { add("the table requires the column \"\(field.name)\", which no record can fill") }
                continue
            }
            decodings.append(
                ColumnDecoding(
                    field: Field(name: field.name, type: type, isRequired: field.isRequired, id: id),
                    timeFormat: column(named: field.name)?.timeFormat ?? .iso8601,
                    source: column(named: field.name)?.source))
        }
        guard problems.isEmpty else { throw DefinitionError(problems: problems) }
        return decodings
    }
}
