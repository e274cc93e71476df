internal import Columnar
internal import Iceberg

extension DefinitionDraft {
    /// Complains about rules whose columns the stream's table does not have, or not as rules need them, and about a table
    /// that cannot take alerts.
    func checkAlerts(of stream: StreamDraft, _ table: TableDraft) {
        guard let alerts = stream.definition?.alerts else { return }
        let path = "\(stream.path).alerts"
        checkTable(of: alerts, path)
        check(alerts.key, of: table, "\(path).key", is: [.int, .long, .string], "what a reading is of is told by")
        check(alerts.time, of: table, "\(path).time", is: [.timestamp, .timestamptz], "when it was taken, by")
        for rule in alerts.rules {
            guard let column = rule.column else { continue }
            check(
                column, of: table, "\(path).rules", is: [.int, .long, .float, .double],
                "the rule \"\(rule.name)\" looks at")
        }
    }

    private func checkTable(of alerts: AlertsDefinition, _ path: String) {
        guard let table = known(alerts.table, at: "\(path).table") else { return }
        if table.identifier == deadLetterTable { problems.add("\(path).table", "is the table of dead letters") }
        if table.identifier == assets?.table { problems.add("\(path).table", "takes the logos of assets already") }
        if let filler = streams.first(where: { $0.table == table.identifier }) {
            problems.add("\(path).table", "is filled by the stream \"\(filler.name)\" already")
        }
        refusePlain(table, "\(path).table", "alerts")
        check(
            table, has: AlertTable.columns.map { ($0.name, $0.type) },
            always: AlertTable.columns.filter(\.isRequired).map(\.name), for: "alerts")
    }

    private func check(
        _ column: String, of table: TableDraft, _ path: String, is types: [ColumnType], _ use: String
    ) {
        guard let type = table.type(ofColumn: column) else {
            let hint = Suggestion.hint(for: column, among: table.columns.map(\.name))
            problems.add(path, "the table \"\(table.identifier)\" has no column \"\(column)\"\(hint)")
            return
        }
        // A type that could not be read has its own problem.
        guard let type, !types.contains(type) else { return }
        let names = types.map(\.rawValue)
        problems.add(
            path,
            "the column \"\(column)\" is of type \(type.rawValue); \(use) a column of type "
                + names.dropLast().joined(separator: ", ") + " or \(names[names.count - 1])")
    }
}
