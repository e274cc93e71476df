extension Datum {
    /// Whether the value is a float or double that is no number.
    public var isNaN: Bool {
        switch self {
        case .float(let value): value.isNaN
        case .double(let value): value.isNaN
        default: false
        }
    }

    /// Whether this value comes before another of the same type: numbers by value with −0.0 before +0.0 and NaN at the
    /// ends by its sign, text by code points, bytes unsigned. Values of different types have no order.
    public func precedes(_ other: Datum) -> Bool {
        switch (self, other) {
        case (.boolean(let left), .boolean(let right)): !left && right
        case (.int(let left), .int(let right)), (.date(let left), .date(let right)): left < right
        case (.long(let left), .long(let right)), (.time(let left), .time(let right)),
            (.timestamp(let left), .timestamp(let right)), (.timestamptz(let left), .timestamptz(let right)):
            left < right
        case (.float(let left), .float(let right)):
            left.bitPattern != right.bitPattern && left.isTotallyOrdered(belowOrEqualTo: right)
        case (.double(let left), .double(let right)):
            left.bitPattern != right.bitPattern && left.isTotallyOrdered(belowOrEqualTo: right)
        case (.string(let left), .string(let right)): left.utf8.lexicographicallyPrecedes(right.utf8)
        case (.uuid(let left), .uuid(let right)), (.fixed(let left), .fixed(let right)),
            (.binary(let left), .binary(let right)):
            left.lexicographicallyPrecedes(right)
        case (.decimal(let left, _, _), .decimal(let right, _, _)):
            (Decimals.value(of: left) ?? 0) < (Decimals.value(of: right) ?? 0)
        default: false
        }
    }
}
