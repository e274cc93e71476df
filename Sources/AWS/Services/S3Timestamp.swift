internal import Calendar

/// A time as S3's listings write it: `2026-01-31T10:20:30.000Z`, with or without the fraction.
enum S3Timestamp {
    /// Milliseconds since the epoch; nil if the text is no such time.
    static func milliseconds(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.last == UInt8(ascii: "Z"), bytes[4] == UInt8(ascii: "-"),
            bytes[7] == UInt8(ascii: "-"), bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"),
            bytes[16] == UInt8(ascii: ":")
        else { return nil }
        guard let year = number(bytes[0..<4]), let month = number(bytes[5..<7]), let day = number(bytes[8..<10]),
            let hour = number(bytes[11..<13]), let minute = number(bytes[14..<16]), let second = number(bytes[17..<19]),
            day >= 1, day <= CivilDate.days(inMonth: month, of: year), hour < 24, minute < 60, second <= 60
        else { return nil }
        var fraction = 0
        if bytes.count > 20 {
            guard bytes[19] == UInt8(ascii: "."), bytes.count > 21 else { return nil }
            // Digits behind the third are finer than a millisecond, but digits they must be.
            guard bytes[20..<bytes.count - 1].allSatisfy({ number([$0]) != nil }) else { return nil }
            let digits = bytes[20..<min(23, bytes.count - 1)]
            fraction = (number(digits) ?? 0) * [0, 100, 10, 1][digits.count]
        }
        let days = CivilDate.daysSinceEpoch(year: year, month: month, day: day)
        return Int64((((days * 24 + hour) * 60 + minute) * 60 + second) * 1000 + fraction)
    }

    private static func number(_ digits: some Collection<UInt8>) -> Int? {
        var value = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            value = value * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return value
    }
}
