/// Days, months and years since 1970-01-01 in the proleptic Gregorian calendar.
enum Calendar {
    static let microsecondsPerHour: Int64 = 3_600_000_000
    static let microsecondsPerDay: Int64 = 86_400_000_000

    /// Division that rounds down, so that times before 1970 fall into the period they lie in.
    @inline(__always)
    static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        let quotient = value / divisor
        return value % divisor < 0 ? quotient - 1 : quotient
    }

    /// Year, month (1 to 12) and day (1 to 31) of a day since 1970-01-01. Counts in eras of 400 years, whose years begin
    /// in March, so that the leap day is the last of its year.
    static func date(ofDay day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = day + 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        )
    }

    /// Years since 1970.
    static func year(ofDay day: Int64) -> Int64 { date(ofDay: day).year - 1970 }

    /// Months since January 1970.
    static func month(ofDay day: Int64) -> Int64 {
        let date = date(ofDay: day)
        return (date.year - 1970) * 12 + date.month - 1
    }
}
