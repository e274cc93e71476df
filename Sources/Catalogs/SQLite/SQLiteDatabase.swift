internal import CSQLite
internal import Iceberg

/// The owner of one SQLite connection. One thread at a time may call.
struct SQLiteDatabase: ~Copyable {
    private let handle: OpaquePointer
    private let path: String
    /// A catalog has few pages, and every page that is touched costs a function's start.
    private static let allocatesPagesSingly = swiftlake_sqlite3_allocate_pages_singly() == SQLITE_OK

    /// Opens or creates a database file.
    /// - Parameter lockTimeoutMs: how long a call waits for another process's lock.
    init(path: String, lockTimeoutMs: Int32) throws(SQLiteError) {
        _ = Self.allocatesPagesSingly
        var opened: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX
        let code = sqlite3_open_v2(path, &opened, flags, nil)
        guard code == SQLITE_OK, let opened else {
            let error = SQLiteError(code: opened.map { sqlite3_extended_errcode($0) } ?? code, path: path)
            // SQLite hands out a connection even where opening failed, and it is to be closed.
            sqlite3_close_v2(opened)
            throw error
        }
        handle = opened
        self.path = path
        _ = sqlite3_extended_result_codes(handle, 1)
        _ = sqlite3_busy_timeout(handle, lockTimeoutMs)
    }

    deinit { sqlite3_close_v2(handle) }

    /// Runs one statement with text arguments.
    /// - Returns: its rows, each a list of columns, nil where null.
    @discardableResult
    func run(_ statement: String, _ arguments: [String?] = []) throws(SQLiteError) -> [[String?]] {
        var prepared: OpaquePointer?
        try check(sqlite3_prepare_v2(handle, statement, -1, &prepared, nil))
        defer { sqlite3_finalize(prepared) }
        for (index, argument) in arguments.enumerated() {
            let position = Int32(index + 1)
            guard let argument else {
                try check(sqlite3_bind_null(prepared, position))
                continue
            }
            // SQLITE_TRANSIENT: SQLite copies the text before the call returns.
            let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
            try check(sqlite3_bind_text(prepared, position, argument, Int32(argument.utf8.count), transient))
        }
        var rows: [[String?]] = []
        while true {
            let code = sqlite3_step(prepared)
            if code == SQLITE_DONE { return rows }
            guard code == SQLITE_ROW else { throw SQLiteError(code: code, path: path) }
            rows.append(
                (0..<sqlite3_column_count(prepared)).map { column in
                    sqlite3_column_text(prepared, column).map { text in
                        let count = Int(sqlite3_column_bytes(prepared, column))
                        return String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self)
                    }
                })
        }
    }

    /// Rows that the last statement changed.
    var changes: Int { Int(sqlite3_changes(handle)) }

    /// Whether no transaction is open: some errors end one by themselves.
    var isIdle: Bool { sqlite3_get_autocommit(handle) != 0 }

    /// Ends an open transaction without effect; an error leaves that to closing, which does the same.
    func rollBack() {
        guard !isIdle else { return }
        _ = sqlite3_exec(handle, "ROLLBACK", nil, nil, nil)
    }

    private func check(_ code: Int32) throws(SQLiteError) {
        guard code == SQLITE_OK else { throw SQLiteError(code: code, path: path) }
    }
}
