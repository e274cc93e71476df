internal import Foundation
import TestSupport
import Testing

@testable import Calendar

@Suite struct ScheduleExpressionTests {
    private static func ms(_ text: String) throws -> Int64 {
        Int64(try Date.ISO8601FormatStyle().parse(text + ":00Z").timeIntervalSince1970) * 1000
    }

    // MARK: - Rates

    @Test(
        arguments: [
            ("rate(1 minute)", 60_000), ("rate(5 minutes)", 300_000), ("rate(1 hour)", 3_600_000),
            ("rate(12  hours)", 43_200_000), ("rate(1 day)", 86_400_000),
            ("rate(999999999 days)", 86_399_999_913_600_000),
        ] as [(String, Int64)])
    func aRateIsDueAtItsStartAndThenEveryPeriod(_ text: String, _ period: Int64) throws {
        let expression = try ScheduleExpression(parsing: text)
        let start: Int64 = 1_767_571_234_567
        #expect(expression.next(after: 0, startMs: start) == start)
        #expect(expression.next(after: start - 1, startMs: start) == start)
        #expect(expression.next(after: start, startMs: start) == start + period)
        #expect(expression.next(after: start + period - 1, startMs: start) == start + period)
        #expect(expression.next(after: start + 3 * period, startMs: start) == start + 4 * period)
        #expect(expression.next(after: .max, startMs: start) == nil)
        #expect(expression.next(after: .max, startMs: .min) == nil)
    }

    // MARK: - Examples

    /// What the documentation of EventBridge says of its examples, and what a calendar says.
    @Test(arguments: [
        ("cron(0 10 * * ? *)", "2026-01-05T10:00", "2026-01-06T10:00"),
        ("cron(15 12 * * ? *)", "2026-01-05T12:14", "2026-01-05T12:15"),
        ("cron(0 18 ? * MON-FRI *)", "2026-01-09T18:00", "2026-01-12T18:00"),
        ("cron(0 8 1 * ? *)", "2026-01-05T00:00", "2026-02-01T08:00"),
        ("cron(0/15 * * * ? *)", "2026-01-05T10:46", "2026-01-05T11:00"),
        ("cron(1/10 * * * ? *)", "2026-01-05T10:01", "2026-01-05T10:11"),
        ("cron(0/5 8-17 ? * MON-FRI *)", "2026-01-09T17:55", "2026-01-12T08:00"),
        ("cron(15 10 ? * 6L 2022-2023)", "2022-01-01T00:00", "2022-01-28T10:15"),
        ("cron(0 0 ? * FRIL *)", "2026-01-01T00:00", "2026-01-30T00:00"),
        ("cron(0 9 ? * 2#1 *)", "2026-01-05T09:00", "2026-02-02T09:00"),
        ("cron(0 9 ? * TUE#5 *)", "2026-01-01T00:00", "2026-03-31T09:00"),
        ("cron(0 0 L * ? *)", "2028-02-01T00:00", "2028-02-29T00:00"),
        ("cron(0 0 L FEB ? *)", "2026-03-01T00:00", "2027-02-28T00:00"),
        ("cron(0 0 ? * L *)", "2026-01-05T00:00", "2026-01-10T00:00"),
        ("cron(0 0 3W * ? *)", "2026-01-01T00:00", "2026-01-02T00:00"),
        ("cron(0 0 1W * ? *)", "2026-01-31T00:00", "2026-02-02T00:00"),
        ("cron(0 0 1W AUG ? *)", "2026-01-31T00:00", "2026-08-03T00:00"),
        ("cron(0 0 31W MAY ? *)", "2026-01-31T00:00", "2026-05-29T00:00"),
        ("cron(0 0 31W * ? *)", "2026-01-31T00:00", "2026-03-31T00:00"),
        ("cron(0 0 29 2 ? *)", "2026-01-01T00:00", "2028-02-29T00:00"),
        ("cron(0 0 29 2 ? *)", "2096-03-01T00:00", "2104-02-29T00:00"),
        ("cron(59 23 31 12 ? 2199)", "2026-01-01T00:00", "2199-12-31T23:59"),
        ("cron(0 2 ? * SUN *)", "2026-01-05T00:00", "2026-01-11T02:00"),
    ])
    func theNextTimeIsThatOfTheExample(_ text: String, _ after: String, _ expected: String) throws {
        let expression = try ScheduleExpression(parsing: text)
        #expect(expression.next(after: try Self.ms(after), startMs: 0) == (try Self.ms(expected)))
    }

    @Test(arguments: [
        "cron(0 0 30 2 ? *)", "cron(0 0 ? 2 1#5 2027)", "cron(0 0 1 1 ? 2020)", "cron(0 0 31 4,6,9,11 ? *)",
    ])
    func anExpressionMayNeverBeDue(_ text: String) throws {
        #expect(try ScheduleExpression(parsing: text).next(after: Self.ms("2026-01-01T00:00"), startMs: 0) == nil)
    }

    @Test func timesOutsideTheYearsAreTaken() throws {
        let expression = try ScheduleExpression(parsing: "cron(0 0 * * ? *)")
        #expect(expression.next(after: .min, startMs: 0) == 0)
        #expect(expression.next(after: -1, startMs: 0) == 0)
        #expect(expression.next(after: .max, startMs: 0) == nil)
        #expect(expression.next(after: try Self.ms("2199-12-31T00:00"), startMs: 0) == nil)
    }

    // MARK: - A reference

    /// A field's text and the values it means, made together.
    private func field(_ range: ClosedRange<Int>, _ generator: inout SeededGenerator, steps: Bool = true) -> (
        String, Set<Int>
    ) {
        var texts: [String] = []
        var values: Set<Int> = []
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
            let first = Int.random(in: range, using: &generator)
            let last = Int.random(in: first...range.upperBound, using: &generator)
            let step = Int.random(in: 1...max(1, range.upperBound / 2), using: &generator)
            switch Int.random(in: 0..<(steps ? 6 : 3), using: &generator) {
            case 0:
                texts.append("*")
                values.formUnion(range)
            case 1:
                texts.append("\(first)")
                values.insert(first)
            case 2:
                texts.append("\(first)-\(last)")
                values.formUnion(first...last)
            case 3:
                texts.append("*/\(step)")
                values.formUnion(range.filter { ($0 - range.lowerBound) % step == 0 })
            case 4:
                texts.append("\(first)/\(step)")
                values.formUnion((first...range.upperBound).filter { ($0 - first) % step == 0 })
            default:
                texts.append("\(first)-\(last)/\(step)")
                values.formUnion((first...last).filter { ($0 - first) % step == 0 })
            }
        }
        return (texts.joined(separator: ","), values)
    }

    /// Both fields for days, and which days of a month they mean: of all its days, as day and day of the week.
    private func days(
        _ generator: inout SeededGenerator
    ) -> (ofMonth: String, ofWeek: String, matching: (_ month: [(day: Int, weekday: Int)]) -> [Int]) {
        let day = Int.random(in: 1...31, using: &generator)
        let weekday = Int.random(in: 1...7, using: &generator)
        let count = Int.random(in: 1...5, using: &generator)
        switch Int.random(in: 0..<7, using: &generator) {
        case 0: return ("L", "?", { [$0[$0.count - 1].day] })
        case 1:
            return (
                "\(day)W", "?",
                { month in
                    guard day <= month.count else { return [] }
                    // The nearest weekday of the month; the earlier of two, though there never are two.
                    let weekdays = month.filter { (2...6).contains($0.weekday) }.map(\.day)
                    return [weekdays.min { (abs($0 - day), $0) < (abs($1 - day), $1) }!]
                }
            )
        case 2: return ("?", "L", { $0.filter { $0.weekday == 7 }.map(\.day) })
        case 3: return ("?", "\(weekday)L", { [$0.last { $0.weekday == weekday }!.day] })
        case 4:
            return (
                "?", "\(weekday)#\(count)",
                { Array($0.filter { $0.weekday == weekday }.dropFirst(count - 1).prefix(1).map(\.day)) }
            )
        case 5:
            let (text, values) = field(1...7, &generator, steps: false)
            return ("?", text, { $0.filter { values.contains($0.weekday) }.map(\.day) })
        default:
            let (text, values) = field(1...31, &generator)
            return (text, "?", { $0.map(\.day).filter(values.contains) })
        }
    }

    /// Every minute of some months is tested for itself, with Foundation's calendar.
    @Test func whatIsDueIsWhatMatchesMinuteByMinute() throws {
        var calendar = Foundation.Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
        var generator = SeededGenerator(seed: 11)
        var due = 0
        for _ in 0..<250 {
            let minutes = field(0...59, &generator)
            let hours = field(0...23, &generator)
            let months = field(1...12, &generator)
            let days = days(&generator)
            let years = field(2020...2032, &generator)
            let text =
                "cron(\(minutes.0) \(hours.0) \(days.ofMonth) \(months.0) \(days.ofWeek) \(years.0.replacing("*", with: "2020-2032")))"
            let expression = try ScheduleExpression(parsing: text)
            // Three months that end with 2032 at the latest: a step from a year on has no end there.
            let first = Int.random(in: 2019 * 12...2032 * 12 + 9, using: &generator)
            var expected: [Int64] = []
            for number in first..<first + 3 {
                let (year, month) = (number / 12, number % 12 + 1)
                guard months.1.contains(month), years.1.contains(year) else { continue }
                let start = try #require(calendar.date(from: DateComponents(year: year, month: month, day: 1)))
                let count = try #require(calendar.range(of: .day, in: .month, for: start)?.count)
                let all = try (1...count).map { day in
                    let date = try #require(calendar.date(byAdding: .day, value: day - 1, to: start))
                    return (day, calendar.component(.weekday, from: date))
                }
                for day in days.matching(all) {
                    let midnight = Int64(start.timeIntervalSince1970) * 1000 + Int64(day - 1) * 86_400_000
                    for minute in 0..<1440 where hours.1.contains(minute / 60) && minutes.1.contains(minute % 60) {
                        expected.append(midnight + Int64(minute) * 60_000)
                    }
                }
            }
            let start = try #require(
                calendar.date(from: DateComponents(year: first / 12, month: first % 12 + 1, day: 1)))
            let end = try #require(calendar.date(byAdding: .month, value: 3, to: start))
            var found: [Int64] = []
            var after = Int64(start.timeIntervalSince1970) * 1000 - 1
            while let next = expression.next(after: after, startMs: 0), next < Int64(end.timeIntervalSince1970) * 1000 {
                found.append(next)
                after = next
                if found.count > 1200 { break }
            }
            // Every one of the first, which is as far as patience goes.
            #expect(found.prefix(1200) == expected.prefix(1200)[...], "\(text)")
            due += found.count
        }
        #expect(due > 5000)
    }

    // MARK: - Faults

    @Test(arguments: [
        ("", 1, "rate(value unit), or cron("), ("every 5 minutes", 1, "rate(value unit), or cron("),
        ("at(2026-01-01T00:00:00)", 1, "rate(value unit), or cron("), ("Rate(5 minutes)", 1, "rate(value unit), or"),
        ("rate(0 minutes)", 6, "a whole number from 1 on"), ("rate(-5 minutes)", 6, "a whole number from 1 on"),
        ("rate(x)", 6, "a whole number from 1 on"), ("rate(5)", 7, "a space and the unit"),
        ("rate(5 minute)", 8, "minutes, hours or days, as the value is 5,"),
        ("rate(1 minutes)", 8, "minute, hour or day, as the value is 1,"),
        ("rate(5 weeks)", 8, "minutes, hours or days"), ("rate(5 minutes", 15, "a closing bracket"),
        ("rate(5 minutes) ", 16, "nothing behind the closing bracket"),
        ("rate(1234567890 days)", 6, "a whole number from 1 on"),
        ("cron(60 2 ? * SUN *)", 6, "minutes from 0 to 59"), ("cron(* 24 ? * SUN *)", 8, "hours from 0 to 23"),
        ("cron(0 2 32 * ? *)", 10, "days of the month from 1 to 31"), ("cron(0 2 0W * ? *)", 10, "a day of the month"),
        ("cron(0 2 ? 13 SUN *)", 12, "months from 1 to 12"), ("cron(0 2 ? sep SUN *)", 12, "months from 1 to 12"),
        ("cron(0 2 ? * 8 *)", 14, "days of the week from 1 to 7"), ("cron(0 2 ? * 0 *)", 14, "days of the week"),
        ("cron(0 2 ? * 2/2 *)", 15, "a space and the year"), ("cron(0 2 ? * 2#6 *)", 16, "a number from 1 to 5"),
        ("cron(0 2 ? * 2#1,3#1 *)", 17, "a space and the year"), ("cron(0 2 1,L * ? *)", 12, "days of the month"),
        ("cron(0 2 ? * SUN 1969)", 18, "years from 1970 to 2199"), ("cron(0 2 ? * SUN 2200)", 18, "years from 1970"),
        ("cron(0 2 * * SUN *)", 14, "?, as the day of the month is given,"),
        ("cron(0 2 ? * ? *)", 14, "a day of the week, as the day of the month is ?,"),
        ("cron(5-4 2 ? * SUN *)", 8, "a value from 5 on, as a range runs upwards,"),
        ("cron(0/0 2 ? * SUN *)", 8, "a step from 1 to 59"), ("cron(0/60 2 ? * SUN *)", 8, "a step from 1 to 59"),
        ("cron(0 2 ? * SUN)", 17, "a space and the year"), ("cron(0 2 ? * SUN * *)", 19, "a closing bracket"),
        ("cron(0 2 ? * SUN *", 19, "a closing bracket"), ("cron( 0 2 ? * SUN *)", 6, "minutes from 0 to 59"),
        ("cron(0, 2 ? * SUN *)", 8, "minutes from 0 to 59"), ("cron(? 2 ? * SUN *)", 6, "minutes from 0 to 59"),
    ])
    func aFaultIsNamedWithItsPlace(_ text: String, _ character: Int, _ expected: String) {
        let error = #expect(throws: ScheduleExpressionError.self) { try ScheduleExpression(parsing: text) }
        #expect(error?.description.hasPrefix("expected \(expected)") == true, "\(String(describing: error))")
        #expect(error?.description.hasSuffix(" at character \(character)") == true, "\(String(describing: error))")
    }

    @Test func noTextTraps() {
        var generator = SeededGenerator(seed: 12)
        let letters = Array("0123456789*,-/?LW#() SUNMOacdehimnorstuy\u{FC}")
        let samples = [
            "rate(5 minutes)", "cron(0/5 8-17 ? JAN-DEC MON-FRI 2026)", "cron(15 10 15W * ? *)", "cron(0 0 ? * 3#2 *)",
        ]
        for _ in 0..<20_000 {
            var text = Array(samples.randomElement(using: &generator)!)
            for _ in 0...Int.random(in: 0..<4, using: &generator) {
                let place = Int.random(in: 0..<text.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: text[place] = letters.randomElement(using: &generator)!
                case 1: text.insert(letters.randomElement(using: &generator)!, at: place)
                default: if text.count > 1 { text.remove(at: place) }
                }
            }
            guard let expression = try? ScheduleExpression(parsing: String(text)) else { continue }
            let after = Int64.random(in: .min ... .max, using: &generator)
            if let next = expression.next(after: after, startMs: 0) { #expect(next > after) }
        }
    }
}
