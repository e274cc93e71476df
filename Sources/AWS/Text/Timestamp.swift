internal import Calendar

/// A point in time as AWS writes it in replies: `2026-01-31T23:59:59Z` (ISO 8601, RFC 3339).
package enum Timestamp {
    /// Milliseconds since the epoch; nil if the text is no such time. Digits behind the third of a second's fraction
    /// are dropped.
    package static func milliseconds(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let year = HTTPDate.number(bytes[0..<4]), let month = HTTPDate.number(bytes[5..<7]),
            let day = HTTPDate.number(bytes[8..<10]), let hour = HTTPDate.number(bytes[11..<13]),
            let minute = HTTPDate.number(bytes[14..<16]), let second = HTTPDate.number(bytes[17..<19])
        else { return nil }
        guard day >= 1, day <= CivilDate.days(inMonth: month, of: year), hour < 24, minute < 60, second <= 60 else {
            return nil
        }
        var rest = bytes[19...]
        var fraction = 0
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            guard (1...9).contains(digits.count) else { return nil }
            fraction = (0..<3).reduce(0) { value, place in
                value * 10 + (place < digits.count ? Int(digits[digits.startIndex + place] - UInt8(ascii: "0")) : 0)
            }
            rest = rest.dropFirst(1 + digits.count)
        }
        guard let offset = offsetMinutes(rest) else { return nil }
        let days = CivilDate.daysSinceEpoch(year: year, month: month, day: day)
        return Int64((((days * 24 + hour) * 60 + minute - offset) * 60 + second) * 1000 + fraction)
    }

    /// Minutes east of UTC of `Z` or `+hh:mm`.
    private static func offsetMinutes(_ zone: ArraySlice<UInt8>) -> Int? {
        let zone = Array(zone)
        if zone == [UInt8(ascii: "Z")] { return 0 }
        guard zone.count == 6, zone[3] == UInt8(ascii: ":"), let hours = HTTPDate.number(zone[1..<3]),
            let minutes = HTTPDate.number(zone[4..<6]), hours < 24, minutes < 60
        else { return nil }
        switch zone[0] {
        case UInt8(ascii: "+"): return hours * 60 + minutes
        case UInt8(ascii: "-"): return -(hours * 60 + minutes)
        default: return nil
        }
    }
}
