internal import Calendar

/// A date as HTTP writes it in `Date` and `Retry-After` (RFC 9110 §5.6.7).
enum HTTPDate {
    /// Milliseconds since the epoch of `Sun, 06 Nov 1994 08:49:37 GMT`; nil if the text is no such date. The two
    /// obsolete forms are not read: nothing sends them.
    static func milliseconds(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count == 29, bytes[3] == UInt8(ascii: ","), bytes[19] == UInt8(ascii: ":"),
            bytes[22] == UInt8(ascii: ":"), bytes[25...].elementsEqual(" GMT".utf8),
            [4, 7, 11, 16].allSatisfy({ bytes[$0] == UInt8(ascii: " ") })
        else { return nil }
        guard let day = number(bytes[5..<7]), let year = number(bytes[12..<16]), let hour = number(bytes[17..<19]),
            let minute = number(bytes[20..<22]), let second = number(bytes[23..<25]),
            let month = months.firstIndex(where: { bytes[8..<11].elementsEqual($0.utf8) })
        else { return nil }
        guard day >= 1, day <= CivilDate.days(inMonth: month + 1, of: year), hour < 24, minute < 60, second <= 60 else {
            return nil
        }
        let days = CivilDate.daysSinceEpoch(year: year, month: month + 1, day: day)
        return Int64(((days * 24 + hour) * 60 + minute) * 60 + second) * 1000
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Digits and nothing else.
    static func number(_ digits: some Collection<UInt8>) -> Int? {
        var value = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit), value < 1 << 40 else { return nil }
            value = value * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return digits.isEmpty ? nil : value
    }
}
