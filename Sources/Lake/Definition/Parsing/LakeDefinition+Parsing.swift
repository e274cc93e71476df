internal import Iceberg
internal import JSON

extension LakeDefinition {
    /// Parses and checks the text of a `lake.json`.
    /// - Throws: ``DefinitionError`` with every problem of the text.
    public init(parsing text: [UInt8]) throws(DefinitionError) {
        let root: JSONValue
        do {
            root = try JSONValue(parsing: text)
        } catch {
            throw DefinitionError(problems: [
                DefinitionError.Problem(
                    path: "$", message: "\(Self.place(of: error.offset, in: text)): \(error.reason)")
            ])
        }
        let problems = ProblemList()
        let draft = DefinitionDraft(DefinitionValue(value: root, path: .root, problems: problems))
        draft?.crossCheck()
        guard problems.problems.isEmpty, let draft else { throw DefinitionError(problems: problems.problems) }
        databases = draft.databases
        tables = draft.tables.compactMap(\.definition)
        streams = draft.streams.compactMap(\.definition)
        deadLetterTable = draft.deadLetterTable
        views = draft.views.map(\.definition)
        assets = draft.assets
        quotes = draft.quotes
        schedules = draft.schedules.map(\.definition)
    }

    /// `line 3, column 5` of a byte, both counted from 1.
    private static func place(of offset: Int, in text: [UInt8]) -> String {
        let before = text[..<min(offset, text.count)]
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let column = before.count - (before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0) + 1
        return "line \(line), column \(column)"
    }
}

/// What could be read of a definition: enough to go on checking the rest of it.
struct DefinitionDraft {
    let problems: ProblemList
    var databases: [DatabaseDefinition] = []
    var tables: [TableDraft] = []
    var streams: [StreamDraft] = []
    var views: [(path: DefinitionPath, definition: ViewDefinition)] = []
    var assets: AssetsDefinition?
    /// Where the assets come from.
    var assetsPath = DefinitionPath.root
    var quotes: QuotesDefinition?
    /// Where the quotes come from.
    var quotesPath = DefinitionPath.root
    var schedules: [(path: DefinitionPath, definition: ScheduleDefinition)] = []
    var deadLetterTable = TableIdentifier(namespace: "lake_db", name: "dead_letters")
    /// Where the name of the dead-letter table comes from.
    var deadLetterPath = DefinitionPath.root

    init?(_ root: DefinitionValue) {
        problems = root.problems
        guard
            let object = root.object(
                required: ["databases", "tables", "streams"],
                optional: ["$schema", "views", "assets", "quotes", "schedules", "deadLetterTable"])
        else { return nil }
        _ = object["$schema"]?.string()
        for element in object["databases"]?.array() ?? [] {
            guard let database = DatabaseDefinition(parsing: element) else { continue }
            if databases.contains(where: { $0.name == database.name }) {
                element.complain("there is another database named \"\(database.name)\"")
            }
            databases.append(database)
        }
        for element in object["tables"]?.array() ?? [] {
            guard let table = TableDraft(element) else { continue }
            if tables.contains(where: { $0.identifier == table.identifier }) {
                element.complain("there is another table named \"\(table.identifier)\"")
            }
            tables.append(table)
        }
        for element in object["streams"]?.array() ?? [] {
            guard let stream = StreamDraft(element) else { continue }
            if streams.contains(where: { $0.name == stream.name }) {
                element.complain("there is another stream named \"\(stream.name)\"")
            }
            streams.append(stream)
        }
        for element in object["views"]?.array() ?? [] {
            guard let view = ViewDefinition(parsing: element) else { continue }
            views.append((element.path, view))
        }
        if let value = object["assets"] {
            assetsPath = value.path
            assets = AssetsDefinition(parsing: value)
        }
        if let value = object["quotes"] {
            quotesPath = value.path
            quotes = QuotesDefinition(parsing: value, assets: assets)
        }
        for element in object["schedules"]?.array() ?? [] {
            guard let schedule = ScheduleDefinition(parsing: element) else { continue }
            if schedules.contains(where: { $0.definition.name == schedule.name }) {
                element.complain("there is another schedule named \"\(schedule.name)\"")
            }
            schedules.append((element.path, schedule))
        }
        if let value = object["deadLetterTable"] {
            deadLetterPath = value.path
            if let identifier = value.tableIdentifier() { deadLetterTable = identifier }
        }
    }
}

extension DatabaseDefinition {
    init?(parsing value: DefinitionValue) {
        guard let object = value.object(required: ["name"], optional: ["doc"]) else { return nil }
        let doc = object["doc"]?.string()
        guard let name = object["name"]?.name(of: "a database", maximumLength: 252) else { return nil }
        self.init(name: name, doc: doc)
    }
}

extension DefinitionValue {
    /// A table's name with its database's: `iot_db.sensor_readings`.
    func tableIdentifier() -> TableIdentifier? {
        guard let text = string() else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(isNameByte) }),
            parts[0].utf8.count <= 252, parts[1].utf8.count <= 255
        else {
            complain(
                "\"\(text)\" is not a table's name: write database.table, both of lower-case letters, digits and underscores"
            )
            return nil
        }
        return TableIdentifier(namespace: String(parts[0]), name: String(parts[1]))
    }
}
