import JSON
import Testing

@testable import Lake

/// A small definition whose parts a test replaces.
struct SampleDefinition {
    var databases = #"[{"name": "db"}, {"name": "lake_db"}]"#
    var columns =
        #"[{"name": "id", "type": "int"}, {"name": "at", "type": "timestamp"}, {"name": "c", "type": "double"}]"#
    /// Further members of the table.
    var table = ""
    var stream = #"{"name": "s", "source": {"kind": "kinesis", "name": "s"}, "table": "db.t", "onBadRecord": "drop"}"#
    /// Further tables.
    var tables = ""
    /// Further members of the whole.
    var root = ""

    var text: String {
        """
        {"databases": \(databases),
         "tables": [{"name": "db.t", "columns": \(columns)\(table.isEmpty ? "" : ", " + table)}\(tables)],
         "streams": [\(stream)]\(root.isEmpty ? "" : ", " + root)}
        """
    }

    func parsed() throws -> LakeDefinition { try LakeDefinition(parsing: Array(text.utf8)) }

    /// The problems' texts; empty if the definition is good.
    func problems() -> [String] {
        do {
            _ = try LakeDefinition(parsing: Array(text.utf8))
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }
}
