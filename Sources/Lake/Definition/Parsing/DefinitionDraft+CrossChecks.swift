internal import Iceberg

extension DefinitionDraft {
    /// Complains about everything that one part says of another and that is not so.
    func crossCheck() {
        checkDatabases()
        checkStreams()
        if streams.contains(where: { $0.onBadRecord == .deadLetter }) { checkDeadLetterTable() }
    }

    private func checkDatabases() {
        for table in tables where !databases.contains(where: { $0.name == table.identifier.namespace }) {
            let name = table.identifier.namespace
            let hint = Suggestion.hint(for: name, among: databases.map(\.name))
            problems.add("\(table.path).name", "there is no database \"\(name)\"\(hint)")
        }
    }

    private func checkStreams() {
        for (index, stream) in streams.enumerated() {
            if let source = stream.source, let other = streams[..<index].first(where: { $0.source == source }) {
                problems.add("\(stream.path).source", "is the source of the stream \"\(other.name)\" already")
            }
            guard let table = stream.table else { continue }
            guard tables.contains(where: { $0.identifier == table }) else {
                let hint = Suggestion.hint(for: table.description, among: tables.map(\.identifier.description))
                problems.add("\(stream.path).table", "there is no table \"\(table)\"\(hint)")
                continue
            }
            if table == deadLetterTable { problems.add("\(stream.path).table", "is the table of dead letters") }
        }
    }

    private func checkDeadLetterTable() {
        guard let table = tables.first(where: { $0.identifier == deadLetterTable }) else {
            let users = streams.filter { $0.onBadRecord == .deadLetter }.map { "\"\($0.name)\"" }
                .joined(separator: ", ")
            let hint = Suggestion.hint(for: deadLetterTable.description, among: tables.map(\.identifier.description))
            problems.add(
                deadLetterPath, "there is no table \"\(deadLetterTable)\" for the dead letters of \(users)\(hint)")
            return
        }
        for needed in DeadLetterTable.columns {
            guard let type = table.type(ofColumn: needed.name) else {
                problems.add(
                    "\(table.path).columns",
                    "lacks the column \"\(needed.name)\" of type \(needed.type.rawValue) for dead letters")
                continue
            }
            if let type, type != needed.type {
                problems.add(
                    "\(table.path).columns",
                    "the column \"\(needed.name)\" must be of type \(needed.type.rawValue) for dead letters")
            }
        }
        for column in table.columns where column.isRequired {
            guard DeadLetterTable.columns.first(where: { $0.name == column.name })?.isRequired != true else { continue }
            problems.add(
                "\(table.path).columns", "the column \"\(column.name)\" must not be required: dead letters may lack it")
        }
    }
}
