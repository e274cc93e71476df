extension WindowDefinition {
    /// How long a window is, in microseconds; at least one.
    var lengthUs: Int64 { max(1, Self.microseconds(lengthMs)) }
    /// How far the watermark stays behind the largest time seen, in microseconds.
    var delayUs: Int64 { max(0, Self.microseconds(delayMs)) }
    /// How far a quote's time may be ahead of its record's, in microseconds.
    var maximumAheadUs: Int64 { max(0, Self.microseconds(maximumAheadMs)) }

    /// Microseconds; those that 64 bits do not hold become the most that they do.
    static func microseconds(_ milliseconds: Int64) -> Int64 {
        let (product, overflows) = milliseconds.multipliedReportingOverflow(by: 1000)
        return overflows ? (milliseconds < 0 ? .min : .max) : product
    }
}
