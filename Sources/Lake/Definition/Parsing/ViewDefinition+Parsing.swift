internal import Iceberg

extension ViewDefinition {
    init?(parsing value: DefinitionValue) {
        guard let object = value.object(required: ["name", "sql"], optional: ["doc"]) else { return nil }
        let doc = object["doc"]?.string()
        // A query may be written as one string, or as a list of its lines.
        let sql =
            object["sql"]?.value.elements == nil
            ? object["sql"]?.string()
            : object["sql"]?.array().map { lines in lines.compactMap { $0.string() }.joined(separator: "\n") }
        guard let identifier = object["name"]?.tableIdentifier(), let sql else { return nil }
        self.init(identifier: identifier, doc: doc, sql: sql)
    }
}
