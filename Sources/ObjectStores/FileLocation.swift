internal import Iceberg

/// The path that a `file:` location names.
///
/// Iceberg's writers and readers take the text after the scheme as it is: a partition value is percent-encoded once,
/// when the location is made, and the file's name on disk then holds the percent signs. So nothing is decoded here.
struct FileLocation {
    /// Absolute path.
    let path: String

    /// Accepts `file:///path`, `file:/path`, `file://localhost/path` and a bare absolute path, as engines write them.
    /// - Throws: ``IcebergError/Code/unsupported`` for another scheme or host, ``IcebergError/Code/malformed`` for a
    ///   path that no writer makes, such as one with `..`.
    init(_ location: String) throws(IcebergError) {
        path = try Self.path(of: location)
        guard !path.utf8.contains(0) else {
            throw IcebergError(.malformed, "the location holds a zero byte", at: location)
        }
        for part in path.split(separator: "/") where part == ".." || part == "." {
            throw IcebergError(.malformed, "a location must not hold the path segment \(part)", at: location)
        }
    }

    private static func path(of location: String) throws(IcebergError) -> String {
        if location.hasPrefix("/") { return location }
        guard location.hasPrefix("file:/") else {
            throw IcebergError(
                .unsupported, "this store serves file:// locations only: check LAKE_WAREHOUSE", at: location)
        }
        let rest = location.dropFirst("file:".count)
        guard rest.hasPrefix("//") else { return String(rest) }
        let afterSlashes = rest.dropFirst(2)
        if afterSlashes.hasPrefix("/") { return String(afterSlashes) }
        if afterSlashes.hasPrefix("localhost/") { return String(afterSlashes.dropFirst("localhost".count)) }
        throw IcebergError(
            .unsupported, "a file location has no host: write file:///absolute/path, with three slashes", at: location)
    }

    /// The folder that holds the file; empty for a file at the root.
    var directory: String { Self.parent(of: path) }

    /// What stands before a path's last slash. By bytes: behind some characters, such as U+0600, a slash is no
    /// `Character` of its own.
    static func parent(of path: String) -> String {
        path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) } ?? ""
    }
}
