internal import Columnar

extension DefinitionDraft {
    /// Complains about a gateway whose column of devices readings cannot name.
    func checkGateway(of stream: StreamDraft, _ table: TableDraft) {
        guard let gateway = stream.definition?.gateway, stream.source?.isKinesis == true else { return }
        let path = "\(stream.path).gateway.device"
        guard let type = table.type(ofColumn: gateway.device) else {
            let hint = Suggestion.hint(for: gateway.device, among: table.columns.map(\.name))
            problems.add(path, "the table \"\(table.identifier)\" has no column \"\(gateway.device)\"\(hint)")
            return
        }
        // A type that could not be read has its own problem.
        if let type, ![ColumnType.int, .long, .string].contains(type) {
            problems.add(
                path,
                "the column \"\(gateway.device)\" is of type \(type.rawValue); a device is named by an int, a long or a "
                    + "string")
        }
        if let source = table.columns.first(where: { $0.name == gateway.device })?.source, !source.isMember {
            problems.add(
                path,
                "the column \"\(gateway.device)\" is filled from \(source); the reading itself must name its device")
        }
    }
}
