internal import Glibc
internal import Iceberg

/// Folders of the local file system.
enum Folder {
    /// The folder that holds a file.
    static func parent(of path: String) -> String {
        path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) } ?? ""
    }

    /// Makes a folder and those above it; one that exists is fine.
    static func create(_ path: String) throws(IcebergError) {
        // Mostly it exists, and one call says so.
        var status = stat()
        if stat(path, &status) == 0 { return }
        var made = ""
        for part in path.split(separator: "/") {
            made += "/" + part
            guard mkdir(made, 0o777) != 0, errno != EEXIST else { continue }
            let code = errno
            // A folder that exists may lie where nothing may be made, and then says so instead.
            guard stat(made, &status) != 0 else { continue }
            throw IcebergError(
                .unavailable, "the folder cannot be made: \(String(cString: strerror(code)))", at: made)
        }
    }
}
