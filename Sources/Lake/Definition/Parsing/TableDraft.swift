internal import Columnar
internal import Iceberg

/// What could be read of a table.
struct TableDraft {
    let path: DefinitionPath
    let identifier: TableIdentifier
    let format: TableFormat
    /// The whole table, unless something in it could not be read.
    let definition: TableDefinition?
    /// Names of all columns, and the type of each that could be read.
    private var columnTypes: [(name: String, type: ColumnType?)] = []
    /// The columns that could be read.
    private(set) var columns: [ColumnDefinition] = []

    /// The members of a table.
    private static let optionalMembers = [
        "doc", "format", "owner", "layer", "warehouse", "allowDrop", "partition", "sort", "retention", "properties",
    ]

    init?(_ value: DefinitionValue) {
        guard let object = value.object(required: ["name", "columns"], optional: Self.optionalMembers) else {
            return nil
        }
        path = value.path
        let doc = object["doc"]?.string()
        let elements = object["columns"]?.array() ?? []
        if object["columns"]?.value.elements?.isEmpty == true { object["columns"]?.complain("a table needs a column") }
        for element in elements {
            let (name, type, column) = ColumnDefinition.parse(element)
            guard let name else { continue }
            if columnTypes.contains(where: { $0.name == name }) {
                element.complain("there is another column named \"\(name)\"")
            }
            columnTypes.append((name, type))
            if let column { columns.append(column) }
        }
        format = object["format"].flatMap { $0.choice("a format", of: TableFormat.self) } ?? .iceberg
        let owner = object["owner"].flatMap { $0.words() }
        let layer = object["layer"].flatMap { $0.choice("a layer", of: TableLayer.self) }
        let warehouse = object["warehouse"]?.warehouse()
        let allowsDrop = object["allowDrop"].flatMap { $0.bool() } ?? false
        let partition = Self.partition(object["partition"], of: columnTypes)
        let sort = Self.sort(object["sort"], of: columnTypes)
        let retention = object["retention"].map(RetentionDefinition.init(parsing:)) ?? .init()
        let properties = Self.properties(
            object["properties"], beside: retention, setBy: Self.propertiesOfMembers(object, columns),
            columns: columnTypes.map(\.name))
        if format == .parquet { Self.checkPlain(object, partition, columns) }
        guard let identifier = object["name"]?.tableIdentifier() else { return nil }
        self.identifier = identifier
        definition = TableDefinition(
            identifier: identifier, doc: doc, columns: columns, partition: partition, sort: sort, retention: retention,
            properties: properties, format: format, owner: owner, layer: layer,
            warehouse: warehouse, allowsDrop: allowsDrop)
    }

    /// The type of a column, itself nil if it could not be read; nil if there is no such column.
    func type(ofColumn name: String) -> ColumnType?? { columnTypes.last { $0.name == name }.map { $0.type } }

    private static func partition(_ value: DefinitionValue?, of columns: [(name: String, type: ColumnType?)])
        -> [ColumnTransform]
    {
        var terms: [ColumnTransform] = []
        for element in value?.array() ?? [] {
            guard let text = element.string() else { continue }
            guard let term = ColumnTransform(parsing: text) else {
                let forms = ColumnTransform.forms.joined(separator: ", ")
                element.complain("\"\(text)\" is not a partition; use one of \(forms)")
                continue
            }
            check(term, of: columns, element)
            if terms.contains(where: { $0.fieldName == term.fieldName }) {
                element.complain("there is another partition field named \"\(term.fieldName)\"")
            } else if term.transform != .identity, columns.contains(where: { $0.name == term.fieldName }) {
                element.complain("its partition field would be named as the column \"\(term.fieldName)\" is")
            }
            terms.append(term)
        }
        return terms
    }

    private static func sort(_ value: DefinitionValue?, of columns: [(name: String, type: ColumnType?)]) -> [SortKey] {
        var keys: [SortKey] = []
        for element in value?.array() ?? [] {
            guard let text = element.string() else { continue }
            guard let key = SortKey(parsing: text) else {
                element.complain("\"\(text)\" is not a sort key: write \(SortKey.form)")
                continue
            }
            check(key.term, of: columns, element)
            if keys.contains(where: { $0.term == key.term }) { element.complain("\(key.term) is a sort key already") }
            keys.append(key)
        }
        return keys
    }

    /// Complains if the column does not exist or the transform does not take its type.
    private static func check(
        _ term: ColumnTransform, of columns: [(name: String, type: ColumnType?)], _ value: DefinitionValue
    ) {
        guard let type = columns.last(where: { $0.name == term.column }).map({ $0.type }) else {
            value.complain(
                "there is no column \"\(term.column)\"\(Suggestion.hint(for: term.column, among: columns.map(\.name).sorted()))"
            )
            return
        }
        if let type, !term.allowedTypes.contains(type) {
            let allowed = term.allowedTypes.map(\.rawValue).joined(separator: ", ")
            value.complain("\(term) does not take a column of type \(type.rawValue); it takes \(allowed)")
        }
    }

    /// The properties that members of the table set, each with the member's name.
    private static func propertiesOfMembers(
        _ object: DefinitionObject, _ columns: [ColumnDefinition]
    ) -> [String: String] {
        var names: [String: String] = [:]
        if object["doc"] != nil { names[TableProperty.comment] = "doc" }
        if object["owner"] != nil { names[TableProperty.owner] = "owner" }
        if object["layer"] != nil { names[TableProperty.layer] = "layer" }
        if columns.contains(where: { $0.classification != nil }) {
            names[TableProperty.classification] = "the classification of columns"
        }
        return names
    }

    private static func properties(
        _ value: DefinitionValue?, beside retention: RetentionDefinition, setBy members: [String: String],
        columns: [String]
    ) -> [String: String] {
        var properties: [String: String] = [:]
        for member in value?.members() ?? [] {
            guard let text = member.value.string() else { continue }
            if let setter = members[member.name] {
                member.value.complain("is set by \(setter) already")
            } else if let problem = TableProperty.problem(
                of: member.name, text, beside: retention, columns: columns)
            {
                member.value.complain(problem)
            }
            properties[member.name] = text
        }
        return properties
    }
}
