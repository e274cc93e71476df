import Testing

@testable import EventSources

@Suite struct ScheduleTests {
    @Test func aRateIsDueWhenItIsMadeAndThenEveryPeriod() throws {
        let schedule = try Schedule(parsing: "rate(1 minute)", startMs: 1_000_123)
        #expect(schedule.next(afterMs: 0) == 1_000_123)
        #expect(schedule.next(afterMs: 1_000_123) == 1_060_123)
        #expect(schedule.next(afterMs: 1_180_122) == 1_180_123)
    }

    @Test func aCronExpressionIsNotDueBeforeTheScheduleIsMade() throws {
        let schedule = try Schedule(parsing: "cron(* * * * ? *)", startMs: 1_200_000)
        #expect(schedule.next(afterMs: 0) == 1_200_000)
        #expect(schedule.next(afterMs: 1_200_000) == 1_260_000)
        #expect(try Schedule(parsing: "cron(* * * * ? 1970)", startMs: 1_767_571_200_000).next(afterMs: 0) == nil)
    }
}
