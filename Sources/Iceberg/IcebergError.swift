/// Why a table could not be read, written or committed.
public struct IcebergError: Error, Sendable {
    /// The kind of fault, for code that decides.
    public enum Code: String, Sendable {
        /// A metadata file, manifest list, manifest or schema that breaks the spec.
        case malformed
        /// Something valid that this library does not do, such as format version 3.
        case unsupported
        /// A table, namespace or file that does not exist.
        case notFound
        /// A table, namespace or file that exists already.
        case alreadyExists
        /// A store or catalog that cannot be reached, read or written.
        case unavailable
        /// Values that do not fit the table's schema or partition spec.
        case invalid
        /// The retries of a commit ran out.
        case conflict
        /// A commit whose outcome could not be settled: it may or may not be in the table.
        case unknownOutcome
        /// Records that another commit has taken, or a source that is not the one whose offsets are stored.
        case staleOffsets
    }

    /// The kind of fault.
    public let code: Code
    /// What was wrong, and what to do; holds no row and no secret.
    public let message: String
    /// Where: a path, table, snapshot id or column, outermost first.
    public var context: [String]

    /// An error, with the places that are known where it is thrown.
    public init(_ code: Code, _ message: String, at context: String...) {
        self.code = code
        self.message = message
        self.context = context
    }

    /// The same error, with the place that an outer layer knows.
    public func at(_ place: String) -> IcebergError {
        var outer = self
        outer.context.insert(place, at: 0)
        return outer
    }
}

extension IcebergError: CustomStringConvertible {
    /// One line, safe to log.
    public var description: String {
        (context + [message]).joined(separator: ": ") + " (\(code.rawValue))"
    }
}
