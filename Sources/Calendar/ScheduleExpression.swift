/// When something is due, as EventBridge Scheduler writes it, in UTC: `rate(5 minutes)` or `cron(0 2 ? * SUN *)`.
///
/// - `rate(value unit)`: every so many minutes, hours or days; the unit is singular for one and plural for more.
/// - `cron(minutes hours day-of-month month day-of-week year)`: the minutes whose every field matches. A field is `*`, or
///   a list with commas of values, ranges `a-b` and steps `a/n`, `*/n`, `a-b/n`. Months may be written `JAN` to `DEC`,
///   days of the week 1 to 7 from Sunday on, or `SUN` to `SAT`. One of the two fields for days is `?`. The day of the
///   month may also be `L`, its last, or `15W`, the weekday (Monday to Friday) nearest to the 15th in its month; the
///   day of the week also `L`, the last of a week, `6L`, the last Friday of a month, or `3#2`, its second Tuesday.
public struct ScheduleExpression: Hashable, Sendable {
    enum Form: Hashable, Sendable {
        /// Milliseconds.
        case rate(Int64)
        case cron(CronFields)
    }

    /// The expression as it was written.
    public let text: String
    let form: Form

    /// Parses an expression.
    public init(parsing text: String) throws(ScheduleExpressionError) {
        var parser = ScheduleExpressionParser(text)
        self.text = text
        form = try parser.expression()
    }

    /// The first time that is due after this one, in milliseconds since the epoch; nil if there is none any more, as
    /// years end with 2199.
    /// - Parameter startMs: what a rate counts from; it is due here first. A cron expression asks nothing of it.
    public func next(after milliseconds: Int64, startMs: Int64) -> Int64? {
        switch form {
        case .rate(let period):
            guard milliseconds >= startMs else { return startMs }
            let (elapsed, isFar) = milliseconds.subtractingReportingOverflow(startMs)
            guard !isFar else { return nil }
            let (next, isOver) = (startMs + (elapsed - elapsed % period)).addingReportingOverflow(period)
            return isOver ? nil : next
        case .cron(let fields): return fields.next(after: milliseconds)
        }
    }
}

/// Why a text is no schedule expression.
public struct ScheduleExpressionError: Error, Equatable, Sendable {
    /// Where in the text, in characters (bytes of UTF-8) from its start.
    public let offset: Int
    /// What was expected there.
    public let expected: String

    init(at offset: Int, _ expected: String) {
        self.offset = offset
        self.expected = expected
    }
}

extension ScheduleExpressionError: CustomStringConvertible {
    /// Safe to log: it quotes nothing.
    public var description: String { "expected \(expected) at character \(offset + 1)" }
}
