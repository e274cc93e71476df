internal import Foundation
import Testing

@testable import swiftlake

@Suite struct TimeTextTests {
    @Test func secondsAgreeWithFoundationOverCenturies() {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "yyyy-MM-dd HH:mm:ss"
        var milliseconds: Int64 = -2_208_988_800_000
        while milliseconds < 7_258_118_400_000 {
            let date = Date(timeIntervalSince1970: Double(milliseconds) / 1000)
            #expect(TimeText.second(milliseconds) == formatter.string(from: date))
            milliseconds += 86_400_000 * 137 + 3_661_000
        }
    }

    @Test func partitionUnitsAreSpelledOut() {
        #expect(TimeText.hour(490_992) == "2026-01-05 00:00")
        #expect(TimeText.hour(-1) == "1969-12-31 23:00")
        #expect(TimeText.day(0) == "1970-01-01")
        #expect(TimeText.day(19_782) == "2024-02-29")
        #expect(TimeText.month(673) == "2026-02")
        #expect(TimeText.month(-1) == "1969-12")
    }

    @Test func fractionsAppearOnlyWhereThereAreAny() {
        #expect(TimeText.microsecond(1_000_000) == "1970-01-01 00:00:01")
        #expect(TimeText.microsecond(-1) == "1969-12-31 23:59:59.999999")
    }
}
