/// A day of the proleptic Gregorian calendar, in UTC and without leap seconds, as Iceberg and Parquet count time.
public struct CivilDate: Hashable, Sendable {
    /// Years of the common era; 0 is the year before 1.
    public let year: Int64
    /// 1 to 12.
    public let month: Int64
    /// 1 to 31.
    public let day: Int64

    /// The date of a day since 1970-01-01. Days are counted in eras of 400 years, which are all alike, and years begin
    /// in March, so that the leap day is a year's last.
    public init(daysSinceEpoch: Int64) {
        let shifted = daysSinceEpoch &+ 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted &- era &* 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// Years since 1970.
    public var yearsSinceEpoch: Int64 { year - 1970 }

    /// Months since January 1970.
    public var monthsSinceEpoch: Int64 { (year - 1970) * 12 + month - 1 }

    /// Days since 1970-01-01 of a day of a year from 0 to 9999, which must be one.
    @inlinable @inline(__always)
    public static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int {
        let year = UInt(truncatingIfNeeded: month <= 2 ? year &+ 399 : year &+ 400)
        let month = UInt(truncatingIfNeeded: month <= 2 ? month &+ 9 : month &- 3)
        let dayOfYear = (153 &* month &+ 2) / 5 &+ UInt(truncatingIfNeeded: day) &- 1
        let days = year &* 365 &+ year / 4 &- year / 100 &+ year / 400 &+ dayOfYear
        // 719468 days lie between 0000-03-01 and 1970-01-01; the years above are 400 too many.
        return Int(truncatingIfNeeded: days) &- 719_468 &- 146_097
    }

    /// The days of a month; none of a month that no year has.
    @inlinable @inline(__always)
    public static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2: year & 3 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        case 1, 3, 5, 7, 8, 10, 12: 31
        default: 0
        }
    }

    /// `2026-01-31`; years have four digits or more, and a minus sign before 0.
    public var text: String { Self.padded(year, 4) + "-" + Self.padded(month, 2) + "-" + Self.padded(day, 2) }

    /// Decimal digits with leading zeros.
    public static func padded(_ number: Int64, _ digits: Int) -> String {
        let text = String(number.magnitude)
        let zeros = String(repeating: "0", count: max(0, digits - text.utf8.count))
        return (number < 0 ? "-" : "") + zeros + text
    }
}

/// Microseconds of an hour.
public let microsecondsPerHour: Int64 = 3_600_000_000
/// Microseconds of a day.
public let microsecondsPerDay: Int64 = 86_400_000_000

/// Division that rounds down, so that times before 1970 fall into the period they lie in. The divisor is positive.
@inlinable @inline(__always)
public func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
    let quotient = value / divisor
    return value % divisor < 0 ? quotient - 1 : quotient
}
