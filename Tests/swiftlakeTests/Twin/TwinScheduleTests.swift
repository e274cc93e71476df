import EventSources
import JSON
import Lake
import Testing

@testable import swiftlake

@Suite struct TwinScheduleTests {
    private func reason(
        _ job: String, built: Bool = true, environment: [String: String] = [:], fault: String? = nil,
        change: (inout TwinOptions) -> Void = { _ in }
    ) throws -> String? {
        var options = try TwinSupport.options()
        change(&options)
        let schedules = TwinSchedule.all(
            of: try TwinSupport.definition(schedules: [job]),
            TwinSchedule.Surroundings(
                programs: built ? [job] : [], options: options, environment: environment, fault: { _ in fault }))
        return try #require(schedules.first).reasonOff
    }

    @Test func jobRunsIfItIsBuiltAndItsScheduleIsGood() throws {
        #expect(try reason("optimize-tables") == nil)
        #expect(
            try reason("optimize-tables", built: false)
                == "its program is not built: swift build --product optimize-tables")
        #expect(try reason("optimize-tables", fault: "bad") == "bad")
    }

    @Test func whatTheTwinMakesItselfIsOff() throws {
        #expect(try reason("poll-quotes")?.contains("--no-simulators") == true)
        #expect(try reason("poll-quotes") { $0.simulates = false }?.contains("--kafka") == true)
        func withBrokers(_ options: inout TwinOptions) { (options.simulates, options.brokers) = (false, ["a:1"]) }
        // Alpaca may be asked without a key.
        #expect(try reason("poll-quotes", change: withBrokers) == nil)
        // Who asks for no made-up records gets none, in the streams of others least of all.
        for job in ["simulate-trades", "simulate-sensors"] {
            #expect(try reason(job, change: withBrokers) == "as --no-simulators says")
            #expect(try reason(job)?.contains("own simulator") == true)
        }
    }

    @Test func jobsThatFillStreamsAreProducers() throws {
        func isProducer(_ job: String) throws -> Bool? {
            try TwinSupport.definition(schedules: [job]).schedules.first.map {
                TwinSchedule(definition: $0, reasonOff: nil).isProducer
            }
        }
        for job in ["poll-quotes", "simulate-trades", "simulate-sensors"] { #expect(try isProducer(job) == true) }
        for job in ["optimize-tables", "refresh-assets"] { #expect(try isProducer(job) == false) }
    }

    @Test func runsThatWereDueMeanwhileAreLeftOut() throws {
        let schedule = try Schedule(parsing: "rate(1 minute)", startMs: 0)
        func next(due dueMs: Int64, nowMs: Int64) -> Int64? {
            schedule.next(afterMs: ScheduleRun.settled(dueMs, nowMs: nowMs))
        }
        #expect(next(due: 60_000, nowMs: 60_001) == 120_000)
        // The machine slept for an hour: one run, and then the next one in time.
        #expect(next(due: 60_000, nowMs: 3_661_000) == 3_720_000)
        #expect(next(due: 60_000, nowMs: 120_000) == 120_000)
        // A clock that was set back starts nothing twice.
        #expect(next(due: 60_000, nowMs: 10_000) == 120_000)
    }

    @Test func jobWithoutItsKeyIsOff() throws {
        #expect(try reason("refresh-assets")?.contains("COINAPI_KEY") == true)
        #expect(try reason("refresh-assets", environment: ["COINAPI_KEY": ""]) != nil)
        #expect(try reason("refresh-assets", environment: ["COINAPI_KEY": "key"]) == nil)
    }

    @Test func eventIsWhatTheSchedulerSends() throws {
        let schedule = try #require(try TwinSupport.definition(schedules: ["optimize-tables"]).schedules.first)
        let event = try JSONValue(parsing: ScheduleRun.event(schedule, dueMs: 1_795_000_000_000))
        #expect(event["source"]?.string == "aws.scheduler" && event["detail"]?.string == "{}")
        #expect(event["time"]?.string == "2026-11-18T11:06:40Z")
        #expect(event["id"]?.string == "optimize-tables-1795000000000")
    }
}
