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

/// Splitmix64: the same numbers on every run.
struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
