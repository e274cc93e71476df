internal import Calendar

/// The sequence numbers that a stream of this machine gives its records: 56 digits, as Kinesis writes them, which grow
/// with the offset.
public enum ShardSequenceNumber {
    private static let prefix = "4966012345678901234567890123456789012345"
    private static let counterDigits = 16

    /// The sequence number of an offset.
    public static func text(_ offset: Int64) -> String { prefix + CivilDate.padded(offset &+ 1, counterDigits) }

    /// The offset of a sequence number; nil if another stream gave it.
    public static func offset(_ text: String) -> Int64? {
        guard text.utf8.count == prefix.utf8.count + counterDigits, text.hasPrefix(prefix) else { return nil }
        let digits = text.utf8.dropFirst(prefix.utf8.count)
        guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let counter = Int64(Substring(digits)), counter > 0
        else { return nil }
        return counter - 1
    }
}
