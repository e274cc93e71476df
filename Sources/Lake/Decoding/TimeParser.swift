internal import Calendar

/// Reads times written as text.
enum TimeParser {
    /// Microseconds since 1970-01-01T00:00:00Z of a text in this format; nil if it is not written so or names a day or
    /// time that does not exist. An offset from UTC may take it out of the years 1 to 9999.
    @inline(__always)
    static func parse(_ text: UnsafeRawBufferPointer, as format: TimeFormat) -> Int64? {
        guard let start = text.baseAddress?.assumingMemoryBound(to: UInt8.self), text.count >= 10,
            let day = parseDay(start)
        else { return nil }
        switch format {
        case .day: return text.count == 10 ? day : nil
        case .hour:
            guard text.count == 13, start[10] == UInt8(ascii: " "), let hour = pair(start + 11, below: 24) else {
                return nil
            }
            return day &+ hour &* 3_600_000_000
        case .second: return parseSecond(start, text.count, day)
        case .iso8601: return parseISO8601(start, text.count, day)
        case .epochSeconds, .epochMilliseconds, .epochMicroseconds: return nil
        }
    }

    private static func parseSecond(_ start: UnsafePointer<UInt8>, _ count: Int, _ day: Int64) -> Int64? {
        guard count >= 19, start[10] == UInt8(ascii: " "), start[13] == UInt8(ascii: ":"),
            start[16] == UInt8(ascii: ":"), let hour = pair(start + 11, below: 24),
            let minute = pair(start + 14, below: 60), let second = pair(start + 17, below: 60)
        else { return nil }
        let time = day &+ ((hour &* 60 &+ minute) &* 60 &+ second) &* 1_000_000
        if count == 19 { return time }
        var next = 19
        guard start[19] == UInt8(ascii: "."), let fraction = parseFraction(start, count, &next, digits: 6),
            next == count
        else { return nil }
        return time &+ fraction
    }

    private static func parseISO8601(_ start: UnsafePointer<UInt8>, _ count: Int, _ day: Int64) -> Int64? {
        guard count >= 16, start[10] == UInt8(ascii: "T") || start[10] == UInt8(ascii: " "),
            start[13] == UInt8(ascii: ":"), let hour = pair(start + 11, below: 24),
            let minute = pair(start + 14, below: 60)
        else { return nil }
        var time = day &+ (hour &* 60 &+ minute) &* 60_000_000
        var next = 16
        if next < count, start[next] == UInt8(ascii: ":") {
            guard count >= 19, let second = pair(start + 17, below: 60) else { return nil }
            time &+= second &* 1_000_000
            next = 19
            if next < count, start[next] == UInt8(ascii: ".") {
                guard let fraction = parseFraction(start, count, &next, digits: 9) else { return nil }
                time &+= fraction
            }
        }
        guard next < count else { return time }
        guard let zone = parseZone(start + next, count &- next) else { return nil }
        return time &- zone
    }

    /// The microseconds of a fraction whose point is at the index, with at most this many digits.
    @inline(__always)
    private static func parseFraction(
        _ start: UnsafePointer<UInt8>, _ count: Int, _ next: inout Int, digits limit: Int
    ) -> Int64? {
        next &+= 1
        let first = next
        var value: Int64 = 0
        while next < count, start[next] &- UInt8(ascii: "0") <= 9 {
            if next &- first < 6 { value = value &* 10 &+ Int64(start[next] &- UInt8(ascii: "0")) }
            next &+= 1
        }
        let digits = next &- first
        guard digits >= 1, digits <= limit else { return nil }
        for _ in min(digits, 6)..<6 { value &*= 10 }
        return value
    }

    /// Microseconds ahead of UTC: `Z`, `±hh:mm`, `±hhmm` or `±hh`.
    private static func parseZone(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int64? {
        if start[0] == UInt8(ascii: "Z") { return count == 1 ? 0 : nil }
        guard start[0] == UInt8(ascii: "+") || start[0] == UInt8(ascii: "-"), count >= 3,
            let hour = pair(start + 1, below: 24)
        else { return nil }
        var minute: Int64 = 0
        if count > 3 {
            let digits = start[3] == UInt8(ascii: ":") ? 4 : 3
            guard count == digits + 2, let written = pair(start + digits, below: 60) else { return nil }
            minute = written
        }
        let ahead = (hour &* 60 &+ minute) &* 60_000_000
        return start[0] == UInt8(ascii: "-") ? -ahead : ahead
    }

    /// The first instant of the day in the ten bytes `yyyy-MM-dd`.
    @inline(__always)
    private static func parseDay(_ start: UnsafePointer<UInt8>) -> Int64? {
        guard let century = pair(start, below: 100), let yearOfCentury = pair(start + 2, below: 100),
            start[4] == UInt8(ascii: "-"), let month = pair(start + 5, below: 13), start[7] == UInt8(ascii: "-"),
            let day = pair(start + 8, below: 32)
        else { return nil }
        let year = Int(century &* 100 &+ yearOfCentury)
        guard year >= 1, day >= 1, Int(day) <= CivilDate.days(inMonth: Int(month), of: year) else { return nil }
        return Int64(CivilDate.daysSinceEpoch(year: year, month: Int(month), day: Int(day))) &* microsecondsPerDay
    }

    /// Two digits as a number below a limit.
    @inline(__always)
    private static func pair(_ start: UnsafePointer<UInt8>, below limit: Int64) -> Int64? {
        let tens = start[0] &- UInt8(ascii: "0")
        let ones = start[1] &- UInt8(ascii: "0")
        guard tens <= 9, ones <= 9 else { return nil }
        let value = Int64(tens) &* 10 &+ Int64(ones)
        return value < limit ? value : nil
    }
}
