/// Where a string lies in an event's buffer, in eight bytes, so that a batch of ten thousand records stays small.
struct ByteRange: Equatable, Sendable {
    private let offset: UInt32
    /// Length, and in the highest bit whether the text still holds JSON escapes.
    private let length: UInt32

    private static let escapedBit: UInt32 = 1 << 31
    /// The longest text whose ranges fit.
    static let maximumBytes = Int(Int32.max)

    /// A range below ``maximumBytes``, which decoders check once for the whole event.
    @inline(__always)
    init(_ start: Int, _ end: Int, hasEscapes: Bool = false) {
        offset = UInt32(truncatingIfNeeded: start)
        length = UInt32(truncatingIfNeeded: end - start) | (hasEscapes ? Self.escapedBit : 0)
    }

    /// An empty range.
    static let empty = ByteRange(0, 0)

    var start: Int { Int(offset) }
    var count: Int { Int(length & ~Self.escapedBit) }
    var end: Int { start + count }
    var hasEscapes: Bool { length & Self.escapedBit != 0 }
}
