internal import Columnar

/// The smallest and largest of some values, exact; NaNs are left aside and −0.0 is below +0.0.
enum ValueBounds: Equatable, Sendable {
    /// Fixed-width values as keys that compare as 64-bit integers.
    case fixed(minimum: Int64, maximum: Int64)
    /// Strings and binaries, which compare by their unsigned bytes.
    case bytes(minimum: [UInt8], maximum: [UInt8])

    /// The bounds of both.
    func union(_ other: ValueBounds) -> ValueBounds {
        switch (self, other) {
        case (.fixed(let minimum, let maximum), .fixed(let otherMinimum, let otherMaximum)):
            .fixed(minimum: min(minimum, otherMinimum), maximum: max(maximum, otherMaximum))
        case (.bytes(let minimum, let maximum), .bytes(let otherMinimum, let otherMaximum)):
            .bytes(
                minimum: minimum.isBelow(otherMinimum) ? minimum : otherMinimum,
                maximum: maximum.isBelow(otherMaximum) ? otherMaximum : maximum)
        case (.fixed, .bytes), (.bytes, .fixed): self
        }
    }

    /// Minimum and maximum as they are, PLAIN without a length.
    func exact(_ type: ColumnType) -> (minimum: [UInt8], maximum: [UInt8]) {
        switch self {
        case .fixed(let minimum, let maximum): (type.plain(ofKey: minimum), type.plain(ofKey: maximum))
        case .bytes(let minimum, let maximum): (minimum, maximum)
        }
    }

    /// Keys for statistics, where a zero says nothing of its sign: a minimum of +0.0 is written as −0.0, and a maximum
    /// of −0.0 as +0.0.
    func withoutSignOfZero(_ type: ColumnType) -> ValueBounds {
        guard case .fixed(let minimum, let maximum) = self, type == .float || type == .double else { return self }
        return .fixed(minimum: minimum == 0 ? -1 : minimum, maximum: maximum == -1 ? 0 : maximum)
    }
}

extension ColumnType {
    /// The PLAIN bytes of the value that a ``ValueBounds/fixed(minimum:maximum:)`` key stands for.
    func plain(ofKey key: Int64) -> [UInt8] {
        func bytes<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
            withUnsafeBytes(of: value.littleEndian) { Array($0) }
        }
        return switch self {
        case .boolean: bytes(UInt8(truncatingIfNeeded: key))
        case .int, .date: bytes(Int32(truncatingIfNeeded: key))
        case .float: bytes(Int32(truncatingIfNeeded: key).flippedBelowZero)
        case .long, .timestamp, .timestamptz: bytes(key)
        case .double: bytes(key.flippedBelowZero)
        case .string, .binary: []
        }
    }
}

extension FixedWidthInteger where Self: SignedInteger {
    /// An IEEE 754 number's bits as an integer that compares as the number does, and back again.
    @inline(__always)
    var flippedBelowZero: Self { self ^ (self &>> Self(Self.bitWidth - 1) & Self.max) }
}

extension [UInt8] {
    /// Whether the bytes come before others, unsigned and byte by byte.
    func isBelow(_ other: [UInt8]) -> Bool { lexicographicallyPrecedes(other) }
}
