/// Reads a schedule expression from its start to its end.
struct ScheduleExpressionParser {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    mutating func expression() throws(ScheduleExpressionError) -> ScheduleExpression.Form {
        let form: ScheduleExpression.Form
        if take("rate(") {
            form = .rate(try rate())
        } else if take("cron(") {
            form = .cron(try cron())
        } else {
            throw fault("rate(value unit), or cron(minutes hours day-of-month month day-of-week year),")
        }
        guard take(")") else { throw fault("a closing bracket") }
        guard position == bytes.count else { throw fault("nothing behind the closing bracket") }
        return form
    }

    // MARK: - rate

    private mutating func rate() throws(ScheduleExpressionError) -> Int64 {
        let start = position
        let value = try number("a whole number from 1 on")
        guard value > 0 else { throw fault("a whole number from 1 on", at: start) }
        try space("a space and the unit")
        let units: [(name: String, milliseconds: Int64)] = [
            ("minute", 60_000), ("hour", 3_600_000), ("day", 86_400_000),
        ]
        let suffix = value == 1 ? "" : "s"
        let expected = units.map { $0.name + suffix }
        let place = position
        let name = word()
        guard let unit = units.first(where: { $0.name + suffix == name }) else {
            throw fault("\(expected[0]), \(expected[1]) or \(expected[2]), as the value is \(value),", at: place)
        }
        let (period, overflow) = Int64(value).multipliedReportingOverflow(by: unit.milliseconds)
        // The longest period that both of us can count; AWS documents none.
        guard !overflow, period <= 366_000 * 86_400_000 else { throw fault("a shorter period", at: start) }
        return period
    }

    // MARK: - cron

    private mutating func cron() throws(ScheduleExpressionError) -> CronFields {
        var fields = CronFields()
        fields.minutes = try set(CronField.minutes)
        try space("a space and the hours")
        fields.hours = try set(CronField.hours)
        try space("a space and the day of the month")
        let daysOfMonth = try self.daysOfMonth()
        try space("a space and the month")
        fields.months = try set(CronField.months)
        try space("a space and the day of the week")
        let place = position
        let daysOfWeek = try self.daysOfWeek()
        switch (daysOfMonth, daysOfWeek) {
        case (nil, let days?), (let days?, nil): fields.days = days
        case (nil, nil): throw fault("a day of the week, as the day of the month is ?,", at: place)
        default: throw fault("?, as the day of the month is given,", at: place)
        }
        try space("a space and the year")
        fields.matchingYears = try values(CronField.years)
        return fields
    }

    /// Nil for `?`.
    private mutating func daysOfMonth() throws(ScheduleExpressionError) -> CronFields.Days? {
        if take("?") { return nil }
        if take("L") { return .lastOfMonth }
        let start = position
        if let day = digits(), take("W") {
            guard (1...31).contains(day) else { throw fault("a day of the month from 1 to 31", at: start) }
            return .nearestWeekday(day)
        }
        position = start
        return .ofMonth(try set(CronField.daysOfMonth))
    }

    /// Nil for `?`.
    private mutating func daysOfWeek() throws(ScheduleExpressionError) -> CronFields.Days? {
        if take("?") { return nil }
        if take("L") { return .ofWeek(1 << 7) }
        let start = position
        if let day = try? value(CronField.daysOfWeek) {
            if take("L") { return .lastOfWeekday(day) }
            if take("#") {
                let place = position
                let count = try number("a number from 1 to 5")
                guard (1...5).contains(count) else { throw fault("a number from 1 to 5", at: place) }
                return .numbered(weekday: day, count: count)
            }
        }
        position = start
        return .ofWeek(try set(CronField.daysOfWeek))
    }

    private mutating func set(_ field: CronField) throws(ScheduleExpressionError) -> UInt64 {
        try values(field).reduce(0) { $0 | 1 << UInt64($1) }
    }

    /// The values of a list, ascending.
    private mutating func values(_ field: CronField) throws(ScheduleExpressionError) -> [Int] {
        var found: Set<Int> = []
        repeat { try item(field, into: &found) } while take(",")
        return found.sorted()
    }

    /// `*`, a value, a range, or one of these with a step.
    private mutating func item(
        _ field: CronField, into found: inout Set<Int>
    ) throws(ScheduleExpressionError) {
        var range = field.range
        var isValue = false
        if !take("*") {
            let first = try value(field)
            if take("-") {
                let place = position
                let last = try value(field)
                guard last >= first else {
                    throw fault("a value from \(first) on, as a range runs upwards,", at: place)
                }
                range = first...last
            } else {
                range = first...field.range.upperBound
                isValue = true
            }
        }
        guard field.hasSteps, take("/") else {
            found.formUnion(isValue ? range.lowerBound...range.lowerBound : range)
            return
        }
        let place = position
        let step = try number("a step from 1 on")
        guard step > 0, step <= field.range.upperBound else {
            throw fault("a step from 1 to \(field.range.upperBound)", at: place)
        }
        found.formUnion(stride(from: range.lowerBound, through: range.upperBound, by: step))
    }

    private mutating func value(_ field: CronField) throws(ScheduleExpressionError) -> Int {
        let start = position
        if let value = digits() {
            guard field.range.contains(value) else { throw fault(field.expected, at: start) }
            return value
        }
        for (index, name) in field.names.enumerated() where take(name) { return field.range.lowerBound + index }
        throw fault(field.expected)
    }

    // MARK: - Characters

    private mutating func take(_ text: String) -> Bool {
        guard bytes[position...].starts(with: text.utf8) else { return false }
        position += text.utf8.count
        return true
    }

    /// One space or more.
    private mutating func space(_ expected: String) throws(ScheduleExpressionError) {
        let start = position
        while take(" ") {}
        guard position > start else { throw fault(expected) }
    }

    private mutating func word() -> String {
        let start = position
        while position < bytes.count, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(bytes[position]) {
            position += 1
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func number(_ expected: String) throws(ScheduleExpressionError) -> Int {
        guard let number = digits() else { throw fault(expected) }
        return number
    }

    /// Nil, and no step further, where there are none or too many.
    private mutating func digits() -> Int? {
        var end = position
        while end < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[end]) { end += 1 }
        guard end > position, end - position <= 9 else { return nil }
        defer { position = end }
        return bytes[position..<end].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }

    private func fault(_ expected: String, at offset: Int? = nil) -> ScheduleExpressionError {
        ScheduleExpressionError(at: offset ?? position, expected)
    }
}
