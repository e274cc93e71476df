internal import Calendar

extension Transform {
    /// The partition value of one value; null stays null.
    /// - Throws: ``IcebergError/Code/unsupported`` for an unknown transform, and ``IcebergError/Code/invalid`` for a value
    ///   that the transform does not take.
    public func apply(_ value: Datum?) throws(IcebergError) -> Datum? {
        if case .unknown(let text) = self {
            throw IcebergError(.unsupported, "the transform \(text) is not known")
        }
        guard let value, self != .void else { return nil }
        let result: Datum? =
            switch self {
            case .identity: value
            case .bucket(let count): Self.bucket(value, count)
            case .truncate(let width): Self.truncate(value, width)
            case .hour: Self.microseconds(value).map { .int(Int32(clamping: Self.hour($0))) }
            case .day: Self.day(value).map { .date(Int32(clamping: $0)) }
            case .month: Self.day(value).map { .int(Int32(clamping: CivilDate(daysSinceEpoch: $0).monthsSinceEpoch)) }
            case .year: Self.day(value).map { .int(Int32(clamping: CivilDate(daysSinceEpoch: $0).yearsSinceEpoch)) }
            case .void, .unknown: nil
            }
        guard let result else { throw IcebergError(.invalid, "the transform \(self) does not take such a value") }
        return result
    }

    /// The hash of a value that can be bucketed ("Appendix B").
    static func hash(_ value: Datum) -> Int32? {
        switch value {
        case .int(let value), .date(let value): Murmur3.hash(Int64(value))
        case .long(let value), .time(let value), .timestamp(let value), .timestamptz(let value): Murmur3.hash(value)
        case .string(let text): Murmur3.hash(Array(text.utf8))
        case .uuid(let bytes), .fixed(let bytes), .binary(let bytes): Murmur3.hash(bytes)
        case .decimal(let unscaled, _, _): Murmur3.hash(unscaled)
        case .boolean, .float, .double: nil
        }
    }

    @inline(__always)
    static func bucket(_ hash: Int32, _ count: Int32) -> Int32 { (hash & Int32.max) % count }

    /// The greatest multiple of the width that is not above the value; wraps like the other implementations below the
    /// least number.
    @inline(__always)
    static func truncate<Value: FixedWidthInteger>(_ value: Value, _ width: Value) -> Value {
        let remainder = value % width
        return value &- (remainder < 0 ? remainder &+ width : remainder)
    }

    @inline(__always)
    static func hour(_ microseconds: Int64) -> Int64 {
        floorDivide(microseconds, microsecondsPerHour)
    }

    private static func bucket(_ value: Datum, _ count: Int32) -> Datum? {
        hash(value).map { .int(bucket($0, count)) }
    }

    private static func truncate(_ value: Datum, _ width: Int32) -> Datum? {
        switch value {
        case .int(let value): return .int(truncate(value, width))
        case .long(let value): return .long(truncate(value, Int64(width)))
        case .string(let text): return .string(String(String.UnicodeScalarView(text.unicodeScalars.prefix(Int(width)))))
        case .binary(let bytes): return .binary(Array(bytes.prefix(Int(width))))
        case .decimal(let unscaled, let precision, let scale):
            guard let number = Decimals.value(of: unscaled) else { return nil }
            let truncated = Decimals.bytes(of: truncate(number, Int128(width)))
            return .decimal(unscaled: truncated, precision: precision, scale: scale)
        default: return nil
        }
    }

    private static func microseconds(_ value: Datum) -> Int64? {
        switch value {
        case .timestamp(let value), .timestamptz(let value): value
        default: nil
        }
    }

    private static func day(_ value: Datum) -> Int64? {
        if case .date(let day) = value { return Int64(day) }
        return microseconds(value).map { floorDivide($0, microsecondsPerDay) }
    }
}

/// Text and bytes cut short.
enum Prefix {
    /// How many bytes the first code points of UTF-8 text take.
    static func length(_ text: UnsafeRawBufferPointer, codePoints: Int) -> Int {
        guard text.count > codePoints else { return text.count }
        var left = codePoints
        for index in 0..<text.count where text[index] & 0xC0 != 0x80 {
            if left == 0 { return index }
            left -= 1
        }
        return text.count
    }
}
