/// A position in one shard of a source: a Kinesis shard sequence number (about 56 digits, more than 128 bits) or a
/// Kafka offset. Kept as decimal digits without leading zeros, so that length decides first, then the digits.
public struct SourceOffset: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// No source has offsets this long; longer text is damage.
    public static let maximumDigits = 128

    /// The decimal digits.
    public let description: String

    /// Reads decimal digits.
    /// - Throws: ``IcebergError/Code/malformed`` for anything else, leading zeros included.
    public init(parsing text: String) throws(IcebergError) {
        let digits = text.utf8
        guard !digits.isEmpty, digits.count <= Self.maximumDigits,
            digits.allSatisfy({ $0 &- UInt8(ascii: "0") <= 9 }),
            digits.count == 1 || digits.first != UInt8(ascii: "0")
        else {
            throw IcebergError(.malformed, "an offset must be a decimal number without leading zeros")
        }
        description = text
    }

    /// A whole number, such as a Kafka offset.
    public init(_ value: UInt64) { description = String(value) }

    /// Order by value.
    public static func < (left: SourceOffset, right: SourceOffset) -> Bool {
        let (leftCount, rightCount) = (left.description.utf8.count, right.description.utf8.count)
        guard leftCount == rightCount else { return leftCount < rightCount }
        return left.description.utf8.lexicographicallyPrecedes(right.description.utf8)
    }
}
