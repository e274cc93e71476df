internal import AWS
internal import Columnar
internal import Iceberg

extension ViewDefinition {
    /// The tables and views of the definition whose full names the query mentions, in the definition's order; quotes
    /// around their parts, and case, are no matter.
    func references(in definition: LakeDefinition) -> [TableIdentifier] {
        let words = Self.names(in: sql)
        let known = definition.tables.map(\.identifier) + definition.views.map(\.identifier)
        return known.filter { $0 != identifier && words.contains("\($0)") }
    }

    /// A text that changes whenever the view has to be made anew: with its query or comment, and with the columns of what
    /// it reads, since Athena keeps the types of a view's columns and calls it stale when they no longer fit.
    func fingerprint(in definition: LakeDefinition) -> String {
        var parts = [sql, doc ?? ""]
        // Views may read views, and, in a definition that makes no sense, themselves.
        var waiting = references(in: definition)
        var seen: Set<TableIdentifier> = [identifier]
        while let next = waiting.first {
            waiting.removeFirst()
            guard seen.insert(next).inserted else { continue }
            if let table = definition.table(next) {
                parts.append(
                    "\(next): " + table.columns.map { "\($0.name) \($0.type.rawValue)" }.joined(separator: ", "))
            } else if let view = definition.views.first(where: { $0.identifier == next }) {
                parts.append("\(next): \(view.sql)")
                waiting += view.references(in: definition)
            }
        }
        return SHA256.hex(Array(parts.joined(separator: "\u{0}").utf8))
    }

    /// Every run of letters, digits, underscores and dots of a query, in lower case and without quotes.
    private static func names(in sql: String) -> Set<String> {
        var names: Set<String> = []
        var name: [UInt8] = []
        for byte in Array(sql.utf8) + [UInt8(ascii: " ")] {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"),
                UInt8(ascii: "."):
                name.append(byte)
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): name.append(byte | 0x20)
            case UInt8(ascii: "\""), UInt8(ascii: "`"): continue
            default:
                if !name.isEmpty { names.insert(String(decoding: name, as: UTF8.self)) }
                name.removeAll()
            }
        }
        return names
    }
}
