internal import Columnar
internal import Glibc

/// Counts and bounds of the values in a page, or in several.
struct PageStatistics: Equatable, Sendable {
    var nullCount: Int64 = 0
    var nanCount: Int64 = 0
    /// Values, nulls left aside.
    var valueCount: Int64 = 0
    /// Nil if there is no value but nulls and NaNs.
    var bounds: ValueBounds?

    /// The statistics of a page.
    init(of page: PageRange, in column: ColumnBuffer) {
        nullCount = Int64(page.rows.count - page.values.count)
        valueCount = Int64(page.values.count)
        guard !page.values.isEmpty else { return }
        switch column.type {
        case .boolean: bounds = Self.integers(column.values.values(as: UInt8.self), page.values)
        case .int, .date: bounds = Self.integers(column.values.values(as: Int32.self), page.values)
        case .long, .timestamp, .timestamptz:
            bounds = Self.integers(column.values.values(as: Int64.self), page.values)
        case .float:
            let infinity = Int32(bitPattern: Float.infinity.bitPattern)
            countNumbers(column.values.values(as: Int32.self), page.values, infinity: infinity)
        case .double:
            let infinity = Int64(bitPattern: Double.infinity.bitPattern)
            countNumbers(column.values.values(as: Int64.self), page.values, infinity: infinity)
        case .string, .binary:
            bounds = Self.strings(column, page.values)
        }
    }

    /// No values.
    init() {}

    /// Adds the statistics of other values.
    mutating func add(_ other: PageStatistics) {
        nullCount += other.nullCount
        nanCount += other.nanCount
        valueCount += other.valueCount
        if let otherBounds = other.bounds { bounds = bounds?.union(otherBounds) ?? otherBounds }
    }

    private static func integers<Value: FixedWidthInteger>(
        _ values: UnsafePointer<Value>, _ range: Range<Int>
    ) -> ValueBounds {
        var minimum = values[range.lowerBound]
        var maximum = minimum
        for index in range {
            minimum = min(minimum, values[index])
            maximum = max(maximum, values[index])
        }
        return .fixed(minimum: Int64(truncatingIfNeeded: minimum), maximum: Int64(truncatingIfNeeded: maximum))
    }

    /// Bounds and NaNs of IEEE 754 numbers, read as integers of their width.
    private mutating func countNumbers<Bits: FixedWidthInteger & SignedInteger>(
        _ values: UnsafePointer<Bits>, _ range: Range<Int>, infinity: Bits
    ) {
        var minimum = Bits.max
        var maximum = Bits.min
        var nans = 0
        for index in range {
            let bits = values[index]
            guard bits & Bits.max <= infinity else {
                nans &+= 1
                continue
            }
            let key = bits.flippedBelowZero
            minimum = min(minimum, key)
            maximum = max(maximum, key)
        }
        nanCount = Int64(nans)
        guard nans < range.count else { return }
        bounds = .fixed(minimum: Int64(truncatingIfNeeded: minimum), maximum: Int64(truncatingIfNeeded: maximum))
    }

    private static func strings(_ column: ColumnBuffer, _ range: Range<Int>) -> ValueBounds {
        let ends = column.ends.values(as: Int.self)
        let bytes = column.values.bytes
        func string(_ index: Int) -> UnsafeRawBufferPointer {
            UnsafeRawBufferPointer(rebasing: bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]])
        }
        func isBelow(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
            guard let leftBase = left.baseAddress, let rightBase = right.baseAddress else {
                return left.count < right.count
            }
            let order = memcmp(leftBase, rightBase, min(left.count, right.count))
            return order == 0 ? left.count < right.count : order < 0
        }
        var minimum = string(range.lowerBound)
        var maximum = minimum
        for index in range.dropFirst() {
            let value = string(index)
            if isBelow(value, minimum) { minimum = value }
            if isBelow(maximum, value) { maximum = value }
        }
        return .bytes(minimum: Array(minimum), maximum: Array(maximum))
    }
}
