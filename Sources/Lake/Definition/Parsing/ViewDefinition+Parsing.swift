internal import Iceberg

extension ViewDefinition {
    init?(parsing value: DefinitionValue) {
        guard let object = value.object(required: ["name", "sql"], optional: ["doc"]) else { return nil }
        let doc = object["doc"]?.string()
        // A query may be written as one string, or as a list of its lines.
        let lines = object["sql"]?.value.elements == nil ? nil : object["sql"]?.array()?.map { $0.string() }
        let sql =
            lines.map { $0.contains(nil) ? nil : $0.compactMap { $0 }.joined(separator: "\n") }
            ?? object["sql"]?.string()
        if let sql, let problem = ViewQuery.problem(of: sql) { object["sql"]?.complain(problem) }
        guard let identifier = object["name"]?.tableIdentifier(), let sql else { return nil }
        self.init(identifier: identifier, doc: doc, sql: sql)
    }
}
