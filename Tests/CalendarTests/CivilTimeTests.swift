import Calendar
import Testing

@Suite struct CivilTimeTests {
    @Test func aSecondIsTheOneThatHoldsTheTime() {
        #expect(CivilTime.second(ofMs: 0) == "1970-01-01 00:00:00")
        #expect(CivilTime.second(ofMs: 1_767_571_261_999) == "2026-01-05 00:01:01")
        #expect(CivilTime.second(ofMs: -1) == "1969-12-31 23:59:59")
        #expect(CivilTime.second(ofMs: 951_782_400_000, separator: "T") == "2000-02-29T00:00:00")
    }

    @Test func microsecondsAppearOnlyWhereThereAreAny() {
        #expect(CivilTime.microsecond(ofUs: 1_000_000) == "1970-01-01 00:00:01")
        #expect(CivilTime.microsecond(ofUs: -1) == "1969-12-31 23:59:59.999999")
        #expect(CivilTime.microsecond(ofUs: 1_000_125, separator: "T") == "1970-01-01T00:00:01.000125")
    }
}
