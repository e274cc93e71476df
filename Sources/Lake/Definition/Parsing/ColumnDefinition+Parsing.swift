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
        let source = object["from"].flatMap { ColumnSource(parsing: $0) }
        if let source, let type, !source.allowedTypes.contains(type) {
            let allowed = source.allowedTypes.map(\.rawValue).joined(separator: ", ")
            object["from"]?.complain("does not fill a column of type \(type.rawValue); it fills \(allowed)")
        }
        if let source, !source.isMember {
            object["timeFormat"]?.complain("means nothing here: the column is not filled from the record's JSON")
        }
        let classification = object["classification"].flatMap { $0.classification() }
        guard let name, let type else { return (name, type, nil) }
        let column = ColumnDefinition(
            name: name, type: type, isRequired: isRequired, doc: doc, timeFormat: format, source: source,
            classification: classification)
        return (name, type, column)
    }
}

extension DefinitionValue {
    /// What kind of data a column holds: one word, because a property of the table lists all of them.
    fileprivate func classification() -> String? {
        guard let text = string() else { return nil }
        guard Self.isStreamName(text[...]) else {
            complain("\"\(text)\" is not a classification: write one word, such as personal-data")
            return nil
        }
        return text
    }

    /// A text that says something.
    func words() -> String? {
        guard let text = string() else { return nil }
        guard text.utf8.contains(where: { $0 > UInt8(ascii: " ") }) else {
            complain("must not be empty")
            return nil
        }
        return text
    }
}
