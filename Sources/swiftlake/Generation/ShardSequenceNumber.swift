internal import Calendar

/// The sequence numbers that the generated stream gives its records: 56 digits, as Kinesis writes them.
enum ShardSequenceNumber {
    private static let prefix = "4966012345678901234567890123456789012345"
    private static let counterDigits = 16

    /// The sequence number of record `n`.
    static func text(_ index: Int) -> String { prefix + CivilDate.padded(Int64(index + 1), counterDigits) }

    /// The record of a sequence number; nil if another stream gave it.
    static func index(_ text: String) -> Int? {
        guard text.count == prefix.count + counterDigits, text.hasPrefix(prefix),
            let counter = Int(text.dropFirst(prefix.count)), counter > 0
        else { return nil }
        return counter - 1
    }
}
