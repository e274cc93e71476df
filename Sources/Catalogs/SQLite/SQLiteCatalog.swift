internal import CSQLite
public import Iceberg

/// A catalog in one SQLite file, with the tables of the Iceberg JDBC catalog, version 0, as its Java and Python
/// implementations make them. Several processes may use the file at once; one thread at a time may use a catalog.
///
/// SQLite's rollback journal is kept as it is, because every program that opens the file understands it, and is made
/// durable with `synchronous=EXTRA`: a swap that was acknowledged survives a power cut.
public final class SQLiteCatalog: Catalog {
    /// The name under which Swiftlake's tables are filed; pyiceberg's `SqlCatalog` is opened with it.
    public static let defaultName = "swiftlake"

    let database: SQLiteDatabase
    let name: String
    /// The file, as it was named.
    public let path: String
    /// Keeps a version 1 catalog's views out; version 0 has no such column, and no views.
    let isTable: String

    /// Opens the catalog, and makes its file and tables where they are missing.
    /// - Parameter lockTimeoutMs: how long a call waits while another process holds the file.
    /// - Throws: ``IcebergError/Code/malformed`` for a file that is damaged or no database,
    ///   ``IcebergError/Code/unavailable`` for one that cannot be opened.
    public init(
        path: String, name: String = SQLiteCatalog.defaultName, lockTimeoutMs: Int = 30_000
    ) throws(IcebergError) {
        do {
            let database = try SQLiteDatabase(path: path, lockTimeoutMs: Int32(clamping: lockTimeoutMs))
            try database.run("PRAGMA synchronous=EXTRA")
            let columns = try Self.columns(database)
            isTable =
                columns.contains("iceberg_type") ? " AND (iceberg_type IS NULL OR iceberg_type = 'TABLE')" : ""
            self.database = database
            self.name = name
            self.path = path
        } catch {
            throw error.error
        }
    }

    /// The columns of the catalog's table of tables, which is made with its sister if it is missing.
    private static func columns(_ database: borrowing SQLiteDatabase) throws(SQLiteError) -> [String] {
        let listing = "PRAGMA table_info(iceberg_tables)"
        let columns = try database.run(listing).compactMap { $0[1] }
        if !columns.isEmpty, try !database.run("PRAGMA table_info(iceberg_namespace_properties)").isEmpty {
            return columns
        }
        do {
            try createTables(database)
        } catch {
            database.rollBack()
            throw error
        }
        return try database.run(listing).compactMap { $0[1] }
    }

    /// Makes both tables in one transaction: pyiceberg takes a catalog that has but one for its own, and cannot read it.
    private static func createTables(_ database: borrowing SQLiteDatabase) throws(SQLiteError) {
        try database.run("BEGIN IMMEDIATE")
        try database.run(
            """
            CREATE TABLE IF NOT EXISTS iceberg_tables (
                catalog_name VARCHAR(255) NOT NULL, table_namespace VARCHAR(255) NOT NULL,
                table_name VARCHAR(255) NOT NULL, metadata_location VARCHAR(1000),
                previous_metadata_location VARCHAR(1000),
                PRIMARY KEY (catalog_name, table_namespace, table_name))
            """)
        try database.run(
            """
            CREATE TABLE IF NOT EXISTS iceberg_namespace_properties (
                catalog_name VARCHAR(255) NOT NULL, namespace VARCHAR(255) NOT NULL,
                property_key VARCHAR(255) NOT NULL, property_value VARCHAR(1000) NOT NULL,
                PRIMARY KEY (catalog_name, namespace, property_key))
            """)
        try database.run("COMMIT")
    }

    /// The table's current version, which is to be read from the store.
    /// - Throws: ``IcebergError/Code/notFound``, or the database's fault.
    public func load(_ table: TableIdentifier) throws(IcebergError) -> CatalogEntry {
        do {
            if let location = try location(of: table) { return CatalogEntry(location: location) }
        } catch {
            throw error.error.at("\(table)")
        }
        throw IcebergError(.notFound, "the catalog \(name) has no such table", at: "\(table)")
    }

    /// All namespaces, sorted: those declared and those that hold a table.
    public func namespaces() throws(IcebergError) -> [String] {
        try texts(
            """
            SELECT namespace FROM iceberg_namespace_properties WHERE catalog_name = ?1
            UNION SELECT table_namespace FROM iceberg_tables WHERE catalog_name = ?1 ORDER BY 1
            """, [name])
    }

    /// All tables of a namespace, sorted by name.
    public func tables(in namespace: String) throws(IcebergError) -> [TableIdentifier] {
        try texts(
            """
            SELECT table_name FROM iceberg_tables
            WHERE catalog_name = ?1 AND table_namespace = ?2\(isTable) ORDER BY 1
            """, [name, namespace]
        ).map { TableIdentifier(namespace: namespace, name: $0) }
    }

    func location(of table: TableIdentifier) throws(SQLiteError) -> String? {
        try database.run(
            """
            SELECT metadata_location FROM iceberg_tables
            WHERE catalog_name = ?1 AND table_namespace = ?2 AND table_name = ?3\(isTable)
            """, [name, table.namespace, table.name]
        ).first?[0]
    }

    private func texts(_ query: String, _ arguments: [String]) throws(IcebergError) -> [String] {
        do {
            return try database.run(query, arguments).compactMap { $0[0] }
        } catch {
            throw error.error
        }
    }
}
