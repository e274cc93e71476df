internal import CSQLite
internal import Iceberg

/// A SQLite result code (https://www.sqlite.org/rescode.html) other than OK, ROW and DONE, and the file it came from.
struct SQLiteError: Error {
    /// The extended result code.
    let code: Int32
    /// The database file.
    let path: String

    /// The code without its extension.
    var primary: Int32 { code & 0xFF }

    /// Whether a COMMIT that ended so certainly changed nothing once its transaction is rolled back. Input and output
    /// errors may come after the journal is gone, which is when a transaction counts.
    var leavesCommitUndone: Bool {
        switch primary {
        case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_FULL, SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH, SQLITE_CANTOPEN,
            SQLITE_CONSTRAINT, SQLITE_MISUSE, SQLITE_TOOBIG, SQLITE_MISMATCH, SQLITE_RANGE, SQLITE_NOTADB,
            SQLITE_SCHEMA:
            true
        default: false
        }
    }

    /// The typed error: what SQLite said, and what to do.
    var error: IcebergError {
        let text = "\(String(cString: sqlite3_errstr(code))) [SQLite \(code)]"
        switch primary {
        case SQLITE_CONSTRAINT:
            return IcebergError(.alreadyExists, "the table is registered already", at: path)
        case SQLITE_CORRUPT:
            return IcebergError(
                .malformed,
                "the catalog is damaged: \(text); restore it from a copy, or register each table's newest "
                    + "metadata file in a new catalog", at: path)
        case SQLITE_NOTADB:
            return IcebergError(
                .malformed, "this file is not a SQLite catalog: \(text); check LAKE_CATALOG, or move it away", at: path)
        case SQLITE_READONLY:
            return IcebergError(
                .unavailable, "the catalog cannot be written: \(text); make the file and its folder writable", at: path)
        case SQLITE_CANTOPEN:
            return IcebergError(
                .unavailable,
                "the catalog cannot be opened: \(text); check LAKE_CATALOG, that its folder exists and is writable",
                at: path)
        case SQLITE_PERM, SQLITE_AUTH:
            return IcebergError(.unavailable, "no permission for the catalog: \(text)", at: path)
        case SQLITE_FULL:
            return IcebergError(
                .unavailable, "no room for the catalog: \(text); free some space, then retry", at: path)
        case SQLITE_BUSY, SQLITE_LOCKED:
            return IcebergError(
                .unavailable,
                "another process keeps the catalog locked: \(text); retry, or end the program that holds it", at: path)
        case SQLITE_IOERR:
            return IcebergError(.unavailable, "the catalog's disk fails: \(text)", at: path)
        default:
            return IcebergError(.unavailable, "the catalog fails: \(text)", at: path)
        }
    }
}
