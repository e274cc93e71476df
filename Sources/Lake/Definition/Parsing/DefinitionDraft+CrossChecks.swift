internal import Iceberg

extension DefinitionDraft {
    /// Complains about everything that one part says of another and that is not so.
    func crossCheck() {
        checkDatabases()
        checkStreams()
        if streams.contains(where: { $0.onBadRecord == .deadLetter }) { checkDeadLetterTable() }
    }

    private func checkDatabases() {
        let names = databases.map(\.name)
        for table in tables where !names.contains(table.identifier.namespace) {
            let name = table.identifier.namespace
            problems.add(
                "\(table.path).name", "there is no database \"\(name)\"\(Suggestion.hint(for: name, among: names))")
        }
    }

    private func checkStreams() {
        let names = tables.map(\.identifier.description)
        for (index, stream) in streams.enumerated() {
            if let source = stream.source, let other = streams[..<index].first(where: { $0.source == source }) {
                problems.add("\(stream.path).source", "is the source of the stream \"\(other.name)\" already")
            }
            guard let table = stream.table else { continue }
            let place = "\(stream.path).table"
            guard tables.contains(where: { $0.identifier == table }) else {
                let hint = Suggestion.hint(for: table.description, among: names)
                problems.add(place, "there is no table \"\(table)\"\(hint)")
                continue
            }
            if table == deadLetterTable { problems.add(place, "is the table of dead letters") }
        }
    }

    private func checkDeadLetterTable() {
        let users = streams.filter { $0.onBadRecord == .deadLetter }.map { "\"\($0.name)\"" }.joined(separator: ", ")
        guard let table = tables.first(where: { $0.identifier == deadLetterTable }) else {
            let hint = Suggestion.hint(for: deadLetterTable.description, among: tables.map(\.identifier.description))
            problems.add(
                deadLetterPath, "there is no table \"\(deadLetterTable)\" for the dead letters of \(users)\(hint)")
            return
        }
        for needed in DeadLetterTable.columns {
            guard let type = table.columnTypes[needed.name] else {
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
