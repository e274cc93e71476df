/// Why a record did not become a row.
public struct RecordError: Error, Equatable, Sendable {
    /// The kind of fault, for code that decides.
    public enum Code: String, CaseIterable, Sendable {
        /// The record's text is not base64 (RFC 4648, padded, without line breaks).
        case badBase64
        /// The record is not one JSON text (RFC 8259), or a byte order mark stands before it.
        case badJSON
        /// The record is JSON, but no object.
        case notAnObject
        /// A required column has no value, or null.
        case missingField
        /// A value of another kind than the column holds.
        case wrongType
        /// A number or a time that the column's type cannot hold.
        case outOfRange
        /// A time that is not written in the column's format, or that no calendar has.
        case badTimestamp
        /// A binary column's string that is not base64, or a string column's key or header that is not UTF-8.
        case badString
        /// A schema registry's frame around something that is no JSON, is compressed, or is cut short.
        case unsupportedPayload
        /// A column whose strings would pass 2 GiB in one batch.
        case tooLarge
        /// A bar whose symbol is not an asset and its type with one slash between them.
        case badSymbol
        /// A bar whose time is further ahead of its record's than the definition allows.
        case tooFarAhead
        /// What the record makes was refused by the system that it is for.
        case refused
    }

    /// The kind of fault.
    public let code: Code
    /// The column, where the fault is in one.
    public let field: String?
    /// What was expected, in words that hold nothing of the record.
    public let reason: String
    /// Where in the decoded record, in bytes from its start; for ``Code/badBase64`` where in the base64 text.
    public let offset: Int

    /// An error at a byte offset.
    public init(_ code: Code, field: String? = nil, at offset: Int, _ reason: String) {
        self.code = code
        self.field = field
        self.reason = reason
        self.offset = offset
    }
}

extension RecordError: CustomStringConvertible {
    /// Safe to log: it never quotes the record. The field is the table's own name for it.
    public var description: String {
        let subject = field.map { "field \($0): " } ?? ""
        return "\(subject)\(reason) (\(code.rawValue) at byte \(offset))"
    }
}
