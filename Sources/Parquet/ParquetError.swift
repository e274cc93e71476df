/// Why a file could not be written, or the bytes of one could not be read.
public struct ParquetError: Error, Equatable, Sendable {
    /// The kind of fault, for code that decides.
    public enum Code: String, Sendable {
        /// Columns that a file cannot have: none at all, or two of one name.
        case invalidSchema
        /// An option outside its range.
        case invalidOption
        /// A batch whose columns are not the writer's, or with a null in a required column.
        case invalidBatch
        /// A page, chunk or count that does not fit the format's 31 bits.
        case tooLarge
        /// A compression library that reported a fault.
        case compressionFailed
        /// Bytes that break the format.
        case malformed
    }

    /// The kind of fault.
    public let code: Code
    /// What was wrong; holds no value of a row.
    public let message: String
    /// The column's name, where one is at fault.
    public let column: String?
    /// Where in the bytes read, in bytes from their start.
    public let offset: Int?

    /// An error, with the place that is known where it is thrown.
    public init(_ code: Code, _ message: String, column: String? = nil, offset: Int? = nil) {
        self.code = code
        self.message = message
        self.column = column
        self.offset = offset
    }

    /// The same error, with the column that an outer layer knows.
    func inColumn(_ name: String) -> ParquetError {
        ParquetError(code, message, column: column ?? name, offset: offset)
    }
}

extension ParquetError: CustomStringConvertible {
    /// One line, safe to log.
    public var description: String {
        let place = (column.map { "column \($0): " } ?? "") + message
        return place + " (\(code.rawValue)" + (offset.map { " at byte \($0)" } ?? "") + ")"
    }
}
