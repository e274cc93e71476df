internal import Columnar

extension ColumnDefinition {
    /// What could be read of a column: its name, its type, and the whole of it.
    static func parse(_ value: DefinitionValue) -> (name: String?, type: ColumnType?, column: ColumnDefinition?) {
        guard
            let object = value.object(
                required: ["name", "type"], optional: ["required", "doc", "timeFormat", "from", "classification"])
        else {
            return (nil, nil, nil)
        }
        let name = object["name"]?.name(of: "a column", maximumLength: 255)
        let type = object["type"]?.choice("a column type", of: ColumnType.self)
        let isRequired = object["required"].flatMap { $0.bool() } ?? false
        let doc = object["doc"]?.string()
        var format: TimeFormat?
        if let value = object["timeFormat"] {
            format = TimeFormat(parsing: value, of: type)
        } else if let type {
            format = type.holdsTime ? .iso8601 : nil
        }
        guard let name, let type else { return (name, type, nil) }
        let column = ColumnDefinition(
            name: name, type: type, isRequired: isRequired, doc: doc, timeFormat: format,
            source: object["from"].flatMap { ColumnSource(parsing: $0) },
            classification: object["classification"]?.string())
        return (name, type, column)
    }
}
