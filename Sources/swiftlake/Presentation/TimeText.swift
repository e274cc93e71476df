/// Times as text, in UTC, by the proleptic Gregorian calendar.
enum TimeText {
    /// `2026-01-05 13:20:00` of milliseconds since the epoch.
    static func second(_ milliseconds: Int64) -> String {
        let seconds = floorDivided(milliseconds, 1000)
        let days = floorDivided(seconds, 86_400)
        let inDay = seconds - days * 86_400
        return "\(day(days)) \(two(inDay / 3600)):\(two(inDay / 60 % 60)):\(two(inDay % 60))"
    }

    /// `2026-01-05 13:20:00.000125` of microseconds since the epoch; the fraction only where there is one.
    static func microsecond(_ microseconds: Int64) -> String {
        let whole = second(floorDivided(microseconds, 1000))
        let fraction = microseconds - floorDivided(microseconds, 1_000_000) * 1_000_000
        return fraction == 0 ? whole : "\(whole).\(padded(UInt64(fraction), 6))"
    }

    /// `2026-01-05 13:00` of hours since the epoch, as the transform `hour` counts them.
    static func hour(_ hours: Int64) -> String {
        let days = floorDivided(hours, 24)
        return "\(day(days)) \(two(hours - days * 24)):00"
    }

    /// `2026-01-05` of days since the epoch.
    static func day(_ days: Int64) -> String {
        // Counted in eras of 400 years that begin in March, so that the leap day is a year's last.
        let shifted = days + 719_468
        let era = floorDivided(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return "\(padded(UInt64(max(0, year)), 4))-\(two(month))-\(two(dayOfYear - (153 * marchMonth + 2) / 5 + 1))"
    }

    /// `2026-01` of months since 1970-01, as the transform `month` counts them.
    static func month(_ months: Int64) -> String {
        let years = floorDivided(months, 12)
        return "\(padded(UInt64(max(0, 1970 + years)), 4))-\(two(months - years * 12 + 1))"
    }

    /// Decimal digits with leading zeros.
    static func padded(_ number: UInt64, _ digits: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }

    private static func two(_ number: Int64) -> String { padded(UInt64(number), 2) }

    private static func floorDivided(_ number: Int64, _ divisor: Int64) -> Int64 {
        number / divisor - (number % divisor < 0 ? 1 : 0)
    }
}
