import Calendar
import Testing

@Suite struct CivilDateTests {
    @Test func everyDayFollowsTheLastFromYear1To9999() {
        var expected = -719_162
        for year in 1...9999 {
            for month in 1...12 {
                #expect(CivilDate.daysSinceEpoch(year: year, month: month, day: 1) == expected)
                let date = CivilDate(daysSinceEpoch: Int64(expected))
                #expect(date.year == year && date.month == month && date.day == 1)
                expected += CivilDate.days(inMonth: month, of: year)
                let last = CivilDate(daysSinceEpoch: Int64(expected - 1))
                #expect(last.month == month && last.day == CivilDate.days(inMonth: month, of: year))
            }
        }
        #expect(expected == 2_932_897)
    }

    @Test(
        arguments: [
            (0, "1970-01-01"), (-1, "1969-12-31"), (19_782, "2024-02-29"), (-719_162, "0001-01-01"),
            (-719_528, "0000-01-01"), (-719_529, "-0001-12-31"), (2_932_896, "9999-12-31"),
        ] as [(Int64, String)])
    func datesAreWrittenWithFourDigits(_ day: Int64, _ text: String) {
        #expect(CivilDate(daysSinceEpoch: day).text == text)
    }

    @Test func periodsAreCountedFrom1970() {
        #expect(CivilDate(daysSinceEpoch: -1).yearsSinceEpoch == -1)
        #expect(CivilDate(daysSinceEpoch: -1).monthsSinceEpoch == -1)
        #expect(CivilDate(daysSinceEpoch: 20_509).monthsSinceEpoch == 673)
    }

    @Test func divisionRoundsDown() {
        #expect(floorDivide(-1, 24) == -1 && floorDivide(-24, 24) == -1 && floorDivide(25, 24) == 1)
    }
}
