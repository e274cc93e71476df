/// One value of a JSON text by its place there: nothing is copied or converted until asked for.
public struct JSONToken: Equatable, Sendable {
    /// The seven kinds of value of RFC 8259.
    public enum Kind: UInt8, Sendable {
        case object, array, string, number, `true`, `false`, null
    }

    /// What the value is.
    public let kind: Kind
    /// Whether a string holds at least one backslash escape.
    public let hasEscapes: Bool
    /// Whether a string or number holds only ASCII bytes; true for every other kind.
    public let isASCII: Bool
    /// First byte; of a string, the byte after its opening quote.
    public let start: Int
    /// One past the last byte; of a string, its closing quote.
    public let end: Int

    init(_ kind: Kind, _ start: Int, _ end: Int, hasEscapes: Bool = false, isASCII: Bool = true) {
        self.kind = kind
        self.start = start
        self.end = end
        self.hasEscapes = hasEscapes
        self.isASCII = isASCII
    }

    /// Length in bytes, as written.
    public var count: Int { end - start }
}
