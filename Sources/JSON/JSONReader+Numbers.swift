internal import Glibc

extension JSONReader {
    /// A whole number that fits, read digit by digit: never through a double.
    /// - Throws: ``JSONError/Code/wrongKind`` for other kinds and for a fraction or exponent,
    ///   ``JSONError/Code/outOfRange`` if it does not fit.
    public func integer<Value: FixedWidthInteger>(
        _ token: JSONToken, as type: Value.Type = Value.self
    ) throws(JSONError) -> Value {
        guard token.kind == .number else { throw JSONError(.wrongKind, at: token.start, "expected a whole number") }
        var index = token.start
        let isNegative = byte(index) == UInt8(ascii: "-")
        if isNegative { index += 1 }
        var value: Value = 0
        while index < token.end {
            let digit = byte(index) &- UInt8(ascii: "0")
            guard digit <= 9 else { throw JSONError(.wrongKind, at: token.start, "expected a whole number") }
            let (product, productOverflows) = value.multipliedReportingOverflow(by: 10)
            let (sum, sumOverflows) =
                isNegative
                ? product.subtractingReportingOverflow(Value(digit)) : product.addingReportingOverflow(Value(digit))
            if productOverflows || sumOverflows {
                // A number such as 99999999999.5 is still of the wrong kind rather than out of range.
                for rest in index..<token.end where byte(rest) &- UInt8(ascii: "0") > 9 {
                    throw JSONError(.wrongKind, at: token.start, "expected a whole number")
                }
                throw JSONError(.outOfRange, at: token.start, "the number does not fit \(Value.bitWidth) bits")
            }
            value = sum
            index += 1
        }
        return value
    }

    /// The nearest double, ties to even.
    /// - Throws: ``JSONError/Code/outOfRange`` if it would be infinite.
    public func double(_ token: JSONToken) throws(JSONError) -> Double {
        guard token.kind == .number else { throw JSONError(.wrongKind, at: token.start, "expected a number") }
        if let exact = shortDouble(token) { return exact }
        let value = parse(token) { strtod($0, nil) }
        guard value.isFinite else { throw JSONError(.outOfRange, at: token.start, "the number does not fit a double") }
        return value
    }

    /// The nearest float, rounded once from the decimal text.
    /// - Throws: ``JSONError/Code/outOfRange`` if it would be infinite.
    public func float(_ token: JSONToken) throws(JSONError) -> Float {
        guard token.kind == .number else { throw JSONError(.wrongKind, at: token.start, "expected a number") }
        let value = parse(token) { strtof($0, nil) }
        guard value.isFinite else { throw JSONError(.outOfRange, at: token.start, "the number does not fit a float") }
        return value
    }

    /// Clinger's fast path: a significand below 2⁵³ and a power of ten up to 10²² are both exact doubles, so one
    /// multiplication or division rounds correctly. Nil if the number is longer than that.
    private func shortDouble(_ token: JSONToken) -> Double? {
        var index = token.start
        let isNegative = byte(index) == UInt8(ascii: "-")
        if isNegative { index += 1 }
        guard token.end - index <= 17 else { return nil }
        var significand: UInt64 = 0
        var exponent = 0
        var hasPoint = false
        while index < token.end {
            let next = byte(index)
            index += 1
            let digit = next &- UInt8(ascii: "0")
            if digit <= 9 {
                significand = significand &* 10 &+ UInt64(digit)
                if hasPoint { exponent -= 1 }
            } else if next == UInt8(ascii: ".") {
                hasPoint = true
            } else {
                return nil
            }
        }
        guard significand < 1 << 53 else { return nil }
        let value = Double(significand) / Self.powersOfTen[-exponent]
        return isNegative ? -value : value
    }

    private static let powersOfTen: InlineArray<18, Double> = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
    ]

    /// Calls a C parser with the number's text and a terminating zero, on the stack where it is short.
    private func parse<Value>(_ token: JSONToken, _ body: (UnsafePointer<CChar>) -> Value) -> Value {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: token.count + 1) { buffer in
            for index in 0..<token.count { buffer[index] = CChar(bitPattern: byte(token.start + index)) }
            buffer[token.count] = 0
            return body(UnsafePointer(buffer.baseAddress!))
        }
    }
}
