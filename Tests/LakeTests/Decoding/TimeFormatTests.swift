import Columnar
import Testing

@testable import Lake

@Suite struct TimeFormatTests {
    private func time(_ format: TimeFormat, _ value: String) throws(RecordError) -> Int64 {
        try decode([column(.timestamp, format)], "{\"a\":\(value)}").columns[0].value(0)
    }

    @Test func namesAreThoseOfTheDefinition() {
        #expect(
            TimeFormat.allNames == [
                "iso8601", "yyyy-MM-dd HH:mm:ss[.ffffff]", "yyyy-MM-dd HH", "yyyy-MM-dd", "epoch_s", "epoch_ms",
                "epoch_us",
            ])
        for name in TimeFormat.allNames { #expect(TimeFormat(name: name)?.name == name) }
        #expect(TimeFormat(name: "rfc1123") == nil)
    }

    @Test(
        arguments: [
            (TimeFormat.iso8601, "\"1970-01-01T00:00:00\"", 0), (.iso8601, "\"1970-01-01 00:00:00Z\"", 0),
            (.iso8601, "\"1970-01-01T00:01\"", 60_000_000), (.iso8601, "\"1970-01-01T00:00:00.1\"", 100_000),
            (.iso8601, "\"1970-01-01T00:00:00.123456789Z\"", 123_456),
            (.iso8601, "\"1970-01-01T01:00:00+01:00\"", 0), (.iso8601, "\"1969-12-31T20:30:00-0330\"", 0),
            (.iso8601, "\"1970-01-01T02:00:00.5+02\"", 500_000),
            (.iso8601, "\"2024-02-29T00:00:00Z\"", 1_709_164_800_000_000),
            (.iso8601, "\"0001-01-01T00:00:00Z\"", -62_135_596_800_000_000),
            (.iso8601, "\"9999-12-31T23:59:59.999999Z\"", 253_402_300_799_999_999),
            (.iso8601, "\"2026\\u002d11-20T00:00:00\"", 1_795_132_800_000_000),
            (.second, "\"2026-11-20 10:15:30.123456\"", 1_795_169_730_123_456),
            (.second, "\"1969-12-31 23:59:59.5\"", -500_000),
            (.second, "\"1970-01-01 00:00:01\"", 1_000_000), (.hour, "\"2026-11-20 10\"", 1_795_168_800_000_000),
            (.day, "\"2000-02-29\"", 951_782_400_000_000), (.epochSeconds, "1480641523.477", 1_480_641_523_477_000),
            (.epochSeconds, "\"-1\"", -1_000_000), (.epochMilliseconds, "1480641523477", 1_480_641_523_477_000),
            (.epochMicroseconds, "\"1.5e3\"", 1_500), (.epochMicroseconds, "9007199254740993", 9_007_199_254_740_993),
        ] as [(TimeFormat, String, Int64)])
    func readsItsFormats(_ format: TimeFormat, _ text: String, _ microseconds: Int64) throws {
        #expect(try time(format, text) == microseconds)
    }

    @Test(arguments: [
        "2026-11-20", "2026-11-20T", "2026-11-20T10", "2026-11-20T1:15:00", "2026-11-20T10:15:60",
        "2026-11-20T24:00:00",
        "2026-11-20T10:60:00", "2026-13-01T00:00:00", "2026-00-01T00:00:00", "2026-01-00T00:00:00",
        "2026-04-31T00:00:00",
        "2023-02-29T00:00:00", "1900-02-29T00:00:00", "0000-01-01T00:00:00", "2026-11-20T10:15:00.",
        "2026-11-20T10:15:00.Z",
        "2026-11-20T10:15:00.1234567890", "2026-11-20T10:15:00+1", "2026-11-20T10:15:00+1:00",
        "2026-11-20T10:15:00+24:00",
        "2026-11-20T10:15:00+01:60", "2026-11-20T10:15:00Z ", "2026-11-20t10:15:00", "2026-11-20T10:15:00z",
        "2026-11-20T10:15:00+", "2026-11-20T10:15:00+01:", "2026/11/20T10:15:00", "-026-11-20T10:15:00", "", "now",
        " 2026-11-20T10:15:00", "2026-11-20T10:15:", "2026-11-20T10:15:0", "20261120T101500Z", "２026-11-20T10:15:00",
    ])
    func refusesWhatISO8601OrTheCalendarHasNot(_ text: String) {
        #expect(fault(column(.timestamp), "\"\(text)\"")?.code == .badTimestamp)
    }

    @Test(arguments: [
        (TimeFormat.second, "2026-11-20T10:15:30"), (.second, "2026-11-20 10:15:30.1234567"),
        (.second, "2026-11-20 10:15:30."),
        (.second, "2026-11-20 10:15:30Z"), (.second, "2026-11-20 10:15"), (.hour, "2026-11-20 24"),
        (.hour, "2026-11-20T10"),
        (.hour, "2026-11-20 10:00"), (.day, "2026-11-20 10"), (.day, "2026-1-20"), (.epochSeconds, "12x"),
        (.epochSeconds, ""), (.epochSeconds, " 1"), (.epochMilliseconds, "NaN"), (.epochMicroseconds, "0x10"),
    ])
    func refusesOtherFormats(_ format: TimeFormat, _ text: String) {
        #expect(fault(column(.timestamp, format), "\"\(text)\"")?.code == .badTimestamp)
    }

    @Test(arguments: [
        (TimeFormat.iso8601, "\"0001-01-01T00:00:00+00:01\""), (.iso8601, "\"9999-12-31T23:59:59.999999-00:01\""),
        (.epochSeconds, "253402300800"), (.epochSeconds, "1e300"), (.epochMicroseconds, "-62135596800000001"),
        (.epochMicroseconds, "1000000000000000000000"),
    ])
    func refusesInstantsOutsideTheYears1To9999(_ format: TimeFormat, _ text: String) {
        #expect(fault(column(.timestamp, format), text)?.code == .outOfRange)
    }

    @Test func textFormatsTakeNoNumbers() {
        #expect(fault(column(.timestamp), "1480641523")?.code == .wrongType)
        #expect(fault(column(.date), "1")?.code == .wrongType)
        #expect(fault(column(.date, .day), "1")?.code == .wrongType)
        #expect(fault(column(.timestamp, .epochSeconds), "true")?.code == .wrongType)
    }

    @Test(
        arguments: [
            (TimeFormat.iso8601, "\"1970-01-01\"", 0), (.day, "\"1969-12-31\"", -1),
            (.iso8601, "\"0001-01-01\"", -719_162),
            (.iso8601, "\"9999-12-31\"", 2_932_896), (.epochSeconds, "-1", -1), (.epochSeconds, "86399.9", 0),
            (.hour, "\"1970-01-02 23\"", 1),
            (.iso8601, "\"2026-01-05T13:20:00Z\"", 20_458), (.iso8601, "\"1970-01-01T23:30:00-01:00\"", 1),
            (.iso8601, "\"1970-01-01 00:30+01:00\"", -1), (.iso8601, "\"1970\\u002d01-02\"", 1),
        ] as [(TimeFormat, String, Int32)])
    func datesAreDaysInUTC(_ format: TimeFormat, _ text: String, _ days: Int32) throws {
        #expect(try decode([column(.date, format)], "{\"a\":\(text)}").columns[0].value(0, as: Int32.self) == days)
    }
}
