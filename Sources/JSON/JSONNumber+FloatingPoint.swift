extension JSONNumber {
    /// The nearest double, ties to even, of a number that needs only one exact division or multiplication; nil for any
    /// other. It covers up to 19 digits and powers of ten from -19 to 19.
    @inlinable @inline(__always)
    public var double: Double? {
        guard significand < 1 << 53, exponent <= 0, exponent >= -19, droppedDigits == 0 else { return wideDouble }
        // Clinger's fast path: both operands are exact, so one division rounds correctly.
        let value = Double(significand) / Double(Self.powersOfTen[-exponent])
        return isNegative ? -value : value
    }

    @usableFromInline
    var wideDouble: Double? {
        guard let (bits, power) = binary else { return nil }
        let value = Double(bits) * Double(sign: .plus, exponent: power, significand: 1)
        return isNegative ? -value : value
    }

    /// The nearest float, as ``double``.
    public var float: Float? {
        guard let (bits, power) = binary else { return nil }
        let value = Float(bits) * Float(sign: .plus, exponent: power, significand: 1)
        return isNegative ? -value : value
    }

    /// The magnitude as `bits × 2^power`: at least 62 bits, of which the last also tells whether anything was left
    /// over. That is enough to round once to a double or a float.
    @usableFromInline
    var binary: (bits: UInt64, power: Int)? {
        guard exponent >= -19, exponent <= 19, droppedDigits == 0 else { return nil }
        guard significand != 0 else { return (0, 0) }
        let shift = significand.leadingZeroBitCount
        let normal = significand << UInt64(shift)
        if exponent < 0 {
            let divisor = Self.powersOfTen[-exponent]
            let divisorShift = divisor.leadingZeroBitCount
            // The dividend's upper half is below 2⁶³ and so below the divisor: the quotient fits.
            let (quotient, remainder) = (divisor << UInt64(divisorShift)).dividingFullWidth((normal >> 1, normal << 63))
            return (quotient | (remainder == 0 ? 0 : 1), divisorShift - shift - 63)
        }
        let (high, low) = normal.multipliedFullWidth(by: Self.powersOfTen[exponent])
        guard high != 0 else { return (low, -shift) }
        let spare = high.leadingZeroBitCount
        let product = (UInt128(high) << 64 | UInt128(low)) << UInt128(spare)
        let rest = UInt64(truncatingIfNeeded: product)
        return (UInt64(truncatingIfNeeded: product >> 64) | (rest == 0 ? 0 : 1), 64 - shift - spare)
    }
}
