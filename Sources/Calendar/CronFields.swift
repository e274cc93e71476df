/// The fields of a cron expression, as sets of what matches.
struct CronFields: Hashable, Sendable {
    /// Which days of a month match; the other field for days is `?`.
    enum Days: Hashable, Sendable {
        /// Bit n for day n.
        case ofMonth(UInt64)
        /// The last day.
        case lastOfMonth
        /// The weekday nearest to this day, in the same month.
        case nearestWeekday(Int)
        /// Bit n for day n of the week, Sunday being 1.
        case ofWeek(UInt64)
        /// The last such day of the week of the month.
        case lastOfWeekday(Int)
        /// The such-and-such day of the week of the month, counted from 1.
        case numbered(weekday: Int, count: Int)
    }

    static let years = 1970...2199

    /// Bit n for minute, hour and month n.
    var minutes: UInt64 = 0
    var hours: UInt64 = 0
    var months: UInt64 = 0
    var days = Days.ofMonth(0)
    /// Ascending.
    var matchingYears: [Int] = []

    func next(after milliseconds: Int64) -> Int64? {
        let minute: Int64 = 60_000
        // Later than any year that can match, so that nothing below overflows.
        guard milliseconds < 7_258_118_400_000 else { return nil }
        var first = milliseconds < 0 ? 0 : (milliseconds / minute + 1) * minute
        var day = Int(first / 86_400_000)
        while true {
            let date = CivilDate(daysSinceEpoch: Int64(day))
            let (year, month) = (Int(date.year), Int(date.month))
            guard let matching = matchingYears.first(where: { $0 >= year }) else { return nil }
            if matching > year {
                day = CivilDate.daysSinceEpoch(year: matching, month: 1, day: 1)
                continue
            }
            guard months & 1 << UInt64(month) != 0 else {
                day =
                    CivilDate.daysSinceEpoch(year: year, month: month, day: 1)
                    + CivilDate.days(inMonth: month, of: year)
                continue
            }
            let start = Int64(day) * 86_400_000
            first = max(first, start)
            if matches(date, day), let time = time(from: Int((first - start) / minute)) {
                return start + Int64(time) * minute
            }
            day += 1
        }
    }

    /// The first matching minute of a day from this one on.
    private func time(from first: Int) -> Int? {
        (first..<1440).first { hours & 1 << UInt64($0 / 60) != 0 && minutes & 1 << UInt64($0 % 60) != 0 }
    }

    private func matches(_ date: CivilDate, _ dayNumber: Int) -> Bool {
        let day = Int(date.day)
        let last = CivilDate.days(inMonth: Int(date.month), of: Int(date.year))
        let weekday = Self.weekday(dayNumber)
        switch days {
        case .ofMonth(let set): return set & 1 << UInt64(day) != 0
        case .lastOfMonth: return day == last
        case .nearestWeekday(let wanted):
            guard wanted <= last else { return false }
            return day == Self.nearestWeekday(to: wanted, Self.weekday(dayNumber - day + wanted), last)
        case .ofWeek(let set): return set & 1 << UInt64(weekday) != 0
        case .lastOfWeekday(let wanted): return weekday == wanted && day + 7 > last
        case .numbered(let wanted, let count): return weekday == wanted && (day - 1) / 7 + 1 == count
        }
    }

    /// Sunday is 1; 1970-01-01 was a Thursday.
    private static func weekday(_ dayNumber: Int) -> Int { Int(floorModulo(Int64(dayNumber) + 4, 7)) + 1 }

    private static func floorModulo(_ value: Int64, _ divisor: Int64) -> Int64 {
        value - floorDivide(value, divisor) * divisor
    }

    /// From Saturday it is the Friday before, from Sunday the Monday after, unless that is of another month.
    private static func nearestWeekday(to day: Int, _ weekday: Int, _ last: Int) -> Int {
        switch weekday {
        case 7: day == 1 ? 3 : day - 1
        case 1: day == last ? day - 2 : day + 1
        default: day
        }
    }
}
