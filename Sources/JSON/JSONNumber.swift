/// A JSON number as decimal digits and a power of ten, from which integers come exactly and doubles correctly rounded.
public struct JSONNumber: Equatable, Sendable {
    /// Whether it is written with a minus; true of `-0` too.
    public let isNegative: Bool
    /// Its digits as a whole number; of a number with more than 19 that count, the first 19.
    public let significand: UInt64
    /// The power of ten by which ``significand`` is to be multiplied.
    public let exponent: Int
    /// Digits behind the first 19, of which the last is no zero. Usually none.
    public let droppedDigits: Int

    /// `±significand × 10^exponent`.
    @inlinable
    public init(isNegative: Bool, significand: UInt64, exponent: Int, droppedDigits: Int = 0) {
        self.isNegative = isNegative
        self.significand = significand
        self.exponent = exponent
        self.droppedDigits = droppedDigits
    }

    /// The number of a text that RFC 8259 allows; nil for any other.
    public init?(parsing text: UnsafeRawBufferPointer) {
        var index = 0
        func digit() -> UInt8? {
            guard index < text.count, text[index] &- UInt8(ascii: "0") <= 9 else { return nil }
            return text[index] &- UInt8(ascii: "0")
        }
        func skip(_ byte: UInt8) -> Bool {
            guard index < text.count, text[index] == byte else { return false }
            index += 1
            return true
        }
        isNegative = skip(UInt8(ascii: "-"))
        var significand: UInt64 = 0
        var counted = 0
        // Zeros that only count if another digit follows, and digits that no longer fit.
        var zeros = 0
        var dropped = 0
        func append(_ digit: UInt8) {
            if counted < 19 {
                significand = significand * 10 + UInt64(digit)
                counted += 1
            } else {
                dropped += 1
            }
        }
        func count(_ digit: UInt8) {
            if digit == 0 {
                if counted > 0 { zeros += 1 }
                return
            }
            while zeros > 0, counted < 19 {
                append(0)
                zeros -= 1
            }
            dropped += zeros
            zeros = 0
            append(digit)
        }
        let first = index
        while let next = digit() {
            count(next)
            index += 1
        }
        guard index > first, index == first + 1 || text[first] != UInt8(ascii: "0") else { return nil }
        var power = 0
        if skip(UInt8(ascii: ".")) {
            let point = index
            while let next = digit() {
                count(next)
                index += 1
            }
            guard index > point else { return nil }
            power = point - index
        }
        if index < text.count, text[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            let isSmall = skip(UInt8(ascii: "-"))
            if !isSmall { _ = skip(UInt8(ascii: "+")) }
            let first = index
            var written = 0
            while let next = digit() {
                // More than any text could make up for with zeros.
                written = min(written * 10 + Int(next), 1 << 40)
                index += 1
            }
            guard index > first else { return nil }
            power += isSmall ? -written : written
        }
        guard index == text.count else { return nil }
        self.significand = significand
        exponent = significand == 0 ? 0 : power + zeros + dropped
        droppedDigits = dropped
    }

    // MARK: - Whole numbers

    /// A whole number that fits 64 bits, or why there is none.
    public enum Whole: Equatable, Sendable {
        /// The number itself.
        case value(Int64)
        /// It has a fractional part.
        case fractional
        /// It is whole, but past 64 bits.
        case outOfRange
    }

    /// The number exactly, if it is whole, however it is written: `20`, `2e1` and `20.0` are the same.
    @inlinable
    public var whole: Whole {
        guard exponent == 0, droppedDigits == 0, significand <= Int64.max else { return scaledWhole }
        let magnitude = Int64(truncatingIfNeeded: significand)
        return .value(isNegative ? 0 &- magnitude : magnitude)
    }

    @usableFromInline
    var scaledWhole: Whole {
        guard significand != 0 else { return .value(0) }
        guard exponent >= droppedDigits else {
            // Only zeros may stand behind the point.
            guard droppedDigits == 0, exponent > -20, significand % Self.powersOfTen[-exponent] == 0 else {
                return .fractional
            }
            return signed(significand / Self.powersOfTen[-exponent])
        }
        guard exponent < 20 else { return .outOfRange }
        let (magnitude, overflows) = significand.multipliedReportingOverflow(by: Self.powersOfTen[exponent])
        return overflows || droppedDigits > 0 ? .outOfRange : signed(magnitude)
    }

    /// The number times a power of ten without what is behind the point then; nil if it does not fit 64 bits.
    public func truncated(timesTenTo power: Int) -> Int64? {
        guard significand != 0 else { return 0 }
        let power = exponent + power
        if power <= -20 { return 0 }
        if power <= 0 { return signed(significand / Self.powersOfTen[-power]).value }
        guard power < 20, droppedDigits == 0 else { return nil }
        let (magnitude, overflows) = significand.multipliedReportingOverflow(by: Self.powersOfTen[power])
        return overflows ? nil : signed(magnitude).value
    }

    private func signed(_ magnitude: UInt64) -> Whole {
        if isNegative {
            guard magnitude <= UInt64(Int64.max) + 1 else { return .outOfRange }
            return .value(Int64(truncatingIfNeeded: 0 &- magnitude))
        }
        return Int64(exactly: magnitude).map { .value($0) } ?? .outOfRange
    }

    @usableFromInline
    static let powersOfTen: InlineArray<20, UInt64> = [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
        100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000,
        10_000_000_000_000_000, 100_000_000_000_000_000, 1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
    ]
}

extension JSONNumber.Whole {
    /// The number, if there is one.
    public var value: Int64? { if case .value(let value) = self { value } else { nil } }
}
