internal import Columnar
internal import Iceberg

extension DefinitionDraft {
    /// Complains about everything that one part says of another and that is not so.
    func crossCheck() {
        checkDatabases()
        checkStreams()
        checkViews()
        checkAssets()
        checkQuotes()
        if streams.contains(where: \.usesDeadLetters) { checkDeadLetterTable() }
    }

    private func checkDatabases() {
        let named =
            tables.map { (path: $0.path, name: $0.identifier.namespace) }
            + views.map { (path: $0.path, name: $0.definition.identifier.namespace) }
        for (path, name) in named where !databases.contains(where: { $0.name == name }) {
            let hint = Suggestion.hint(for: name, among: databases.map(\.name))
            problems.add("\(path).name", "there is no database \"\(name)\"\(hint)")
        }
    }

    private func checkViews() {
        for (index, view) in views.enumerated() {
            let name = view.definition.identifier
            if tables.contains(where: { $0.identifier == name }) {
                problems.add(
                    "\(view.path).name", "there is a table named \"\(name)\", and a view cannot share its name")
            }
            if views[..<index].contains(where: { $0.definition.identifier == name }) {
                problems.add(view.path, "there is another view named \"\(name)\"")
            }
        }
    }

    private func checkAssets() {
        guard let assets, let table = known(assets.table, at: "\(assetsPath).table") else { return }
        if table.identifier == deadLetterTable { problems.add("\(assetsPath).table", "is the table of dead letters") }
        refusePlain(table, "\(assetsPath).table", "logos")
        check(table, has: AssetsTable.columns, for: "logos")
    }

    private func checkQuotes() {
        guard let quotes else { return }
        guard let stream = streams.first(where: { $0.name == quotes.stream }) else {
            let hint = Suggestion.hint(for: quotes.stream, among: streams.map(\.name))
            problems.add("\(quotesPath).stream", "there is no stream \"\(quotes.stream)\"\(hint)")
            return
        }
        if stream.decoder != .bars {
            problems.add("\(quotesPath).stream", "the stream \"\(quotes.stream)\" does not read \"bars\"")
        }
    }

    private func checkDeadLetterTable() {
        guard let table = tables.first(where: { $0.identifier == deadLetterTable }) else {
            let users = streams.filter(\.usesDeadLetters).map { "\"\($0.name)\"" }
                .joined(separator: ", ")
            let hint = Suggestion.hint(for: deadLetterTable.description, among: tables.map(\.identifier.description))
            problems.add(
                deadLetterPath, "there is no table \"\(deadLetterTable)\" for the dead letters of \(users)\(hint)")
            return
        }
        refusePlain(table, deadLetterPath, "dead letters")
        check(
            table, has: DeadLetterTable.columns.map { ($0.name, $0.type) },
            always: DeadLetterTable.columns.filter(\.isRequired).map(\.name), for: "dead letters")
    }

    /// The table of this name; complains if there is none.
    func known(_ name: TableIdentifier, at path: String) -> TableDraft? {
        if let table = tables.first(where: { $0.identifier == name }) { return table }
        let hint = Suggestion.hint(for: name.description, among: tables.map(\.identifier.description))
        problems.add(path, "there is no table \"\(name)\"\(hint)")
        return nil
    }

    /// Complains if a table is of plain Parquet files: `rows` need one commit with what tells how far they go.
    func refusePlain(_ table: TableDraft, _ path: some CustomStringConvertible, _ rows: String) {
        guard table.format == .parquet else { return }
        problems.add(path, "\"\(table.identifier)\" is of format parquet; \(rows) need a table of format iceberg")
    }

    /// Complains if a table lacks columns that rows are written with, or requires one that they leave null.
    /// - Parameters:
    ///   - needed: the columns that it must have.
    ///   - always: those of them that every row fills; all if not given.
    ///   - rows: what the rows are, for people.
    func check(
        _ table: TableDraft, has needed: [(name: String, type: ColumnType)], always: [String]? = nil, for rows: String
    ) {
        let path = "\(table.path).columns"
        for (name, needed) in needed {
            guard let type = table.type(ofColumn: name) else {
                problems.add(path, "lacks the column \"\(name)\" of type \(needed.rawValue) for \(rows)")
                continue
            }
            if let type, type != needed {
                problems.add(path, "the column \"\(name)\" must be of type \(needed.rawValue) for \(rows)")
            }
        }
        for column in table.columns where column.isRequired {
            guard !(always ?? needed.map(\.name)).contains(column.name) else { continue }
            problems.add(path, "the column \"\(column.name)\" must not be required: \(rows) may lack it")
        }
    }
}
