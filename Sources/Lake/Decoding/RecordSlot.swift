/// What a record says about one column: the place of its value, and of a number also its digits.
struct RecordSlot: BitwiseCopyable {
    /// What stands in the record.
    enum Kind: UInt8 {
        case missing, null, string, number, `true`, `false`, container
    }

    var kind = Kind.missing
    /// Whether a string holds a backslash.
    var hasEscapes = false
    /// Whether a number starts with a minus.
    var isNegative = false
    /// Whether ``significand`` and ``exponent`` are the number exactly; false if it is longer than that.
    var isExact = false
    /// The number is `significand × 10^exponent`, with the sign of ``isNegative``.
    var exponent = 0
    var significand: UInt64 = 0
    /// First byte; of a string, the byte after its quote.
    var start = 0
    /// One past the last byte; of a string, its closing quote.
    var end = 0

    /// The first byte as written, a string's quote included.
    var offset: Int { kind == .string ? start - 1 : start }
}
