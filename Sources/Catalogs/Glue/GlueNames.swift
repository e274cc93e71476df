internal import Iceberg

/// Names as Glue and Athena take them for Iceberg tables: lower-case letters, digits and underscores.
enum GlueNames {
    /// Longest name of a database, in characters.
    static let maximumDatabaseCount = 252
    /// Longest name of a table, in characters.
    static let maximumTableCount = 255

    /// - Throws: ``IcebergError/Code/invalid`` saying which name is wrong, and how.
    static func check(_ table: TableIdentifier) throws(IcebergError) {
        try check("database", table.namespace, maximumDatabaseCount, at: "\(table)")
        try check("table", table.name, maximumTableCount, at: "\(table)")
    }

    /// - Throws: ``IcebergError/Code/invalid``.
    static func check(database name: String) throws(IcebergError) {
        try check("database", name, maximumDatabaseCount, at: name)
    }

    private static func check(
        _ kind: String, _ name: String, _ maximumCount: Int, at place: String
    ) throws(IcebergError) {
        guard (1...maximumCount).contains(name.utf8.count), name.utf8.allSatisfy(isAllowed) else {
            throw IcebergError(
                .invalid,
                "Glue does not take this \(kind) name: use 1 to \(maximumCount) lower-case letters, digits and underscores",
                at: place)
        }
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
        default: false
        }
    }
}
