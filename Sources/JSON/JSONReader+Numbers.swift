extension JSONReader {
    /// A whole number that fits, read digit by digit: never through a double.
    /// - Throws: ``JSONError/Code/wrongKind`` for other kinds and for a fraction or exponent,
    ///   ``JSONError/Code/outOfRange`` if it does not fit.
    @inlinable
    public func integer<Value: FixedWidthInteger>(
        _ token: JSONToken, as type: Value.Type = Value.self
    ) throws(JSONError) -> Value {
        if let whole = whole(token), let value = Value(exactly: whole) { return value }
        return try checkedInteger(token)
    }

    /// A whole number of up to 19 digits that fits 64 bits, as nearly all do; nil for anything else.
    @usableFromInline
    func whole(_ token: JSONToken) -> Int64? {
        guard token.kind == .number else { return nil }
        let isNegative = byte(token.start) == UInt8(ascii: "-")
        let first = isNegative ? token.start + 1 : token.start
        guard token.end - first <= 19 else { return nil }
        var value: UInt64 = 0
        for index in first..<token.end {
            let digit = byte(index) &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            value = value &* 10 &+ UInt64(digit)
        }
        // Nineteen digits fit 64 bits without a sign; with one, not all do.
        guard let positive = Int64(exactly: value) else { return nil }
        return isNegative ? -positive : positive
    }

    /// A whole number of any type, or what is wrong with it.
    @usableFromInline
    func checkedInteger<Value: FixedWidthInteger>(_ token: JSONToken) throws(JSONError) -> Value {
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

    /// The number's digits and power of ten.
    /// - Throws: ``JSONError/Code/wrongKind`` for other kinds.
    public func number(_ token: JSONToken) throws(JSONError) -> JSONNumber {
        let parsed =
            token.kind == .number
            ? bytes.extracting(token.start..<token.end).withUnsafeBytes { JSONNumber(parsing: $0) } : nil
        guard let parsed else { throw JSONError(.wrongKind, at: token.start, "expected a number") }
        return parsed
    }

    /// The nearest double, ties to even.
    /// - Throws: ``JSONError/Code/outOfRange`` if it would be infinite.
    public func double(_ token: JSONToken) throws(JSONError) -> Double {
        if let value = try number(token).double { return value }
        // The standard library's parser rounds correctly too, and knows nothing of the program's locale.
        guard let value = Double(text(token)), value.isFinite else {
            throw JSONError(.outOfRange, at: token.start, "the number does not fit a double")
        }
        return value
    }

    /// The nearest float, rounded once from the decimal text.
    /// - Throws: ``JSONError/Code/outOfRange`` if it would be infinite.
    public func float(_ token: JSONToken) throws(JSONError) -> Float {
        if let value = try number(token).float { return value }
        guard let value = Float(text(token)), value.isFinite else {
            throw JSONError(.outOfRange, at: token.start, "the number does not fit a float")
        }
        return value
    }
}
