internal import Calendar

/// Times as text, in UTC, by the proleptic Gregorian calendar.
enum TimeText {
    /// `2026-01-05 13:20:00` of milliseconds since the epoch.
    static func second(_ milliseconds: Int64) -> String { CivilTime.second(ofMs: milliseconds) }

    /// `2026-01-05 13:20:00.000125` of microseconds since the epoch; the fraction only where there is one.
    static func microsecond(_ microseconds: Int64) -> String { CivilTime.microsecond(ofUs: microseconds) }

    /// `2026-01-05 13:00` of hours since the epoch, as the transform `hour` counts them.
    static func hour(_ hours: Int64) -> String {
        let days = floorDivide(hours, 24)
        return "\(day(days)) \(two(hours - days * 24)):00"
    }

    /// `2026-01-05` of days since the epoch.
    static func day(_ days: Int64) -> String { CivilDate(daysSinceEpoch: days).text }

    /// `2026-01` of months since 1970-01, as the transform `month` counts them.
    static func month(_ months: Int64) -> String {
        let years = floorDivide(months, 12)
        return "\(CivilDate.padded(1970 + years, 4))-\(two(months - years * 12 + 1))"
    }

    private static func two(_ number: Int64) -> String { CivilDate.padded(number, 2) }
}
