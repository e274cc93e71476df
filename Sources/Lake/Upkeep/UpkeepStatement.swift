internal import AWS
internal import Iceberg

/// The two statements of Athena that keep an Iceberg table in order.
enum UpkeepStatement: String, CaseIterable {
    /// Rewrites small data files into larger ones.
    case optimize
    /// Expires snapshots, and deletes files that nothing refers to.
    case vacuum

    /// The SQL for a table of this name, whose database is the statement's own.
    ///
    /// Both statements take names in backticks, and neither takes them in double quotes; VACUUM moreover takes the
    /// database in no quotes at all (Athena user guide, "VACUUM"), which is why that goes beside the statement.
    /// - Returns: nil for a name that quotes cannot hold.
    func sql(for table: String) -> String? {
        guard !table.isEmpty, table.unicodeScalars.allSatisfy({ $0 != "`" && $0.value >= 0x20 && $0.value != 0x7F })
        else { return nil }
        switch self {
        case .optimize: return "OPTIMIZE `\(table)` REWRITE DATA USING BIN_PACK"
        case .vacuum: return "VACUUM `\(table)`"
        }
    }

    /// What Athena calls it in its errors and ours.
    var name: String { rawValue.uppercased() }

    /// The token that makes Athena run an execution once, however often it is started: 64 characters that follow from
    /// the run, the table and the place of the execution among those of the table alone.
    static func token(
        run: String, _ table: TableIdentifier, _ statement: UpkeepStatement, attempt: Int
    ) -> String {
        let parts = [run, table.namespace, table.name, statement.rawValue, String(attempt)]
        // Lengths before the parts, so that no two lists of parts make one text.
        return SHA256.hex(Array(parts.map { "\($0.utf8.count):\($0)" }.joined().utf8))
    }
}
