internal import CSQLite
public import Iceberg

extension SQLiteCatalog {
    /// How a transaction ended.
    private enum Ending {
        case committed
        /// It changed nothing; the body's word for why.
        case abandoned(SwapOutcome)
        case failed(SQLiteError)
        case unknown(SQLiteError)
    }

    /// Makes the proposed version the current one if `base` still is, in one transaction.
    ///
    /// An error before COMMIT certainly changed nothing: `failed`. After an error of COMMIT itself, only those count as
    /// `failed` that SQLite raises before it touches the file; an input or output error is `unknown`. The same swap
    /// sent again after an unknown outcome answers `done` if the first had reached the file.
    public func swap(
        _ table: TableIdentifier, from base: TableVersion, to proposed: TableVersion
    ) -> SwapOutcome {
        let ending = transaction { () throws(SQLiteError) -> SwapOutcome? in
            try database.run(
                """
                UPDATE iceberg_tables SET metadata_location = ?1, previous_metadata_location = ?2
                WHERE catalog_name = ?3 AND table_namespace = ?4 AND table_name = ?5 AND metadata_location = ?2\(isTable)
                """, [proposed.location, base.location, name, table.namespace, table.name])
            if database.changes == 1 { return nil }
            guard let current = try self.location(of: table) else {
                return .failed(
                    IcebergError(.notFound, "the catalog \(name) no longer has this table", at: "\(table)"))
            }
            return current == proposed.location ? .done : .conflict
        }
        switch ending {
        case .committed: return .done
        case .abandoned(let outcome): return outcome
        case .failed(let error): return .failed(error.error.at("\(table)"))
        case .unknown(let error): return .unknown(error.error.at("\(table)"))
        }
    }

    /// Registers a new table whose metadata file has been written; makes its namespace where it is missing.
    /// - Throws: ``IcebergError/Code/alreadyExists``; ``IcebergError/Code/unknownOutcome`` if the file failed while the
    ///   transaction was being committed.
    public func create(_ table: TableIdentifier, _ version: TableVersion) throws(IcebergError) {
        let ending = transaction { () throws(SQLiteError) -> SwapOutcome? in
            try database.run(
                """
                INSERT OR IGNORE INTO iceberg_namespace_properties (catalog_name, namespace, property_key, property_value)
                VALUES (?1, ?2, 'exists', 'true')
                """, [name, table.namespace])
            try database.run(
                """
                INSERT INTO iceberg_tables (catalog_name, table_namespace, table_name, metadata_location)
                VALUES (?1, ?2, ?3, ?4)
                """, [name, table.namespace, table.name, version.location])
            return nil
        }
        switch ending {
        case .committed, .abandoned: return
        case .failed(let error): throw error.error.at("\(table)")
        case .unknown(let error):
            throw IcebergError(
                .unknownOutcome, "the table may or may not be registered: \(error.error)", at: "\(table)")
        }
    }

    /// Makes a namespace where neither its properties nor a table show it.
    public func createNamespace(_ namespace: String, comment: String?) throws(IcebergError) -> Bool {
        let property = """
            INSERT OR IGNORE INTO iceberg_namespace_properties (catalog_name, namespace, property_key, property_value)
            VALUES (?1, ?2, ?3, ?4)
            """
        var isNew = false
        let ending = transaction { () throws(SQLiteError) -> SwapOutcome? in
            let known = try database.run(
                """
                SELECT 1 FROM iceberg_namespace_properties WHERE catalog_name = ?1 AND namespace = ?2
                UNION SELECT 1 FROM iceberg_tables WHERE catalog_name = ?1 AND table_namespace = ?2
                """, [name, namespace])
            guard known.isEmpty else { return .done }
            try database.run(property, [name, namespace, "exists", "true"])
            if let comment { try database.run(property, [name, namespace, "comment", comment]) }
            isNew = true
            return nil
        }
        switch ending {
        case .committed, .abandoned: return isNew
        case .failed(let error): throw error.error.at(namespace)
        case .unknown(let error):
            throw IcebergError(
                .unknownOutcome, "the namespace may or may not be made: \(error.error)", at: namespace)
        }
    }

    /// Runs a body between BEGIN IMMEDIATE and COMMIT. IMMEDIATE takes the write lock at once: a transaction that
    /// began as a reader would be refused without waiting if another process wrote meanwhile.
    private func transaction(_ body: () throws(SQLiteError) -> SwapOutcome?) -> Ending {
        do {
            try database.run("BEGIN IMMEDIATE")
            if let outcome = try body() {
                database.rollBack()
                return .abandoned(outcome)
            }
        } catch {
            database.rollBack()
            return .failed(error)
        }
        do {
            try database.run("COMMIT")
            return .committed
        } catch {
            let isUndone = error.leavesCommitUndone
            database.rollBack()
            return isUndone ? .failed(error) : .unknown(error)
        }
    }
}
