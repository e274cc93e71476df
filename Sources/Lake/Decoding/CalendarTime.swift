/// The proleptic Gregorian calendar in UTC, without leap seconds, as Iceberg and Parquet count time.
enum CalendarTime {
    static let microsecondsPerSecond: Int64 = 1_000_000
    static let microsecondsPerDay: Int64 = 86_400_000_000

    /// From 0001-01-01T00:00:00 to the last microsecond of 9999.
    static let range: ClosedRange<Int64> = -62_135_596_800_000_000...253_402_300_799_999_999

    /// Days since 1970-01-01 of a day of a year from 0 on. Years are counted from March, so that the leap day is their
    /// last, and in eras of 400 years, which are all alike.
    @inline(__always)
    static func days(year: Int, month: Int, day: Int) -> Int {
        let year = UInt(truncatingIfNeeded: month <= 2 ? year &+ 399 : year &+ 400)
        let month = UInt(truncatingIfNeeded: month <= 2 ? month &+ 9 : month &- 3)
        let dayOfYear = (153 &* month &+ 2) / 5 &+ UInt(truncatingIfNeeded: day) &- 1
        let days = year &* 365 &+ year / 4 &- year / 100 &+ year / 400 &+ dayOfYear
        // 719468 days lie between 0000-03-01 and 1970-01-01; the years above are 400 too many.
        return Int(truncatingIfNeeded: days) &- 719_468 &- 146_097
    }

    /// The days of a month; none of a month that no year has.
    @inline(__always)
    static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2: year & 3 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        case 1, 3, 5, 7, 8, 10, 12: 31
        default: 0
        }
    }

    /// The day in which an instant lies, in days since 1970-01-01.
    static func days(ofMicroseconds time: Int64) -> Int64 {
        time >= 0 ? time / microsecondsPerDay : ~(~time / microsecondsPerDay)
    }
}
