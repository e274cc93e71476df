import HTTPTransport
import JSON
import Kafka
import Lake
import LambdaRuntime
import Simulation
import Testing

@testable import Producers

@Suite struct SimulateTradesTests {
    private let clock = ManualClock()
    private let target: ScriptedTarget
    private let lines = Lines()

    init() { target = ScriptedTarget(clock) }

    private func handler(_ environment: [String: String] = [:]) throws -> SimulateTrades {
        let clock = clock
        return try SimulateTrades(environment, into: target, sleep: { clock.sleep($0) })
    }

    private func run(_ handler: inout SimulateTrades, _ event: String, timeMs: Int64 = 90_000) throws -> JSONValue {
        let context = clock.context(timeMs: timeMs, lines: lines.writer)
        let reply = try handler.handle(JSONEvent(EventBuffer(Array(event.utf8))), context)
        context.metrics.flush()
        return try JSONValue(parsing: reply.bytes)
    }

    private func ids() throws -> [Int64] {
        try target.records.map { try #require(try JSONValue(parsing: $0.value)["transaction_id"]?.integer) }
    }

    private func times() -> [Int64] { target.records.map(\.timeMs) }

    @Test func aMinuteHasAsManyTradesAsTheRateSaysEveryFiveSeconds() throws {
        var handler = try handler(["SIMULATE_RATE": "7"])
        let reply = try run(&handler, "{}")
        #expect(reply["stream"]?.string == "coinbase-trades")
        #expect(reply["records"]?["put"]?.integer == 420 && reply["records"]?["failed"]?.integer == 0)
        #expect(reply["records"]?["left"]?.integer == 0 && reply["steps"]?.integer == 12)
        #expect(target.calls.count == 12 && target.calls.allSatisfy { $0.count == 35 })
        // None is of the future, and the run ends before the next begins.
        #expect(times().allSatisfy { (ManualClock.noonMs - 5_000..<ManualClock.noonMs + 55_000).contains($0) })
        #expect(clock.nowMs < ManualClock.noonMs + 60_000)
        #expect(target.calls.allSatisfy { $0.beforeMs < ManualClock.noonMs + 60_000 })
        #expect(try lines.metric("RecordsPut")?.integer == 420)
    }

    @Test func minutesThatFollowEachOtherLeaveNoGapAndShareNoNumber() throws {
        var handler = try handler(["SIMULATE_RATE": "3"])
        for minute in 0..<3 {
            clock.nowMs = ManualClock.noonMs + Int64(minute) * 60_000 + 300
            _ = try run(&handler, "{}")
        }
        let ids = try ids()
        #expect(ids.count == 540 && Set(ids).count == 540)
        let trades = TradeRecords(seed: 1, pace: Pace(startMs: 0, perSecond: 3), numbering: .time, badRecordRate: 0)
        let first = trades.pace.index(atMs: ManualClock.noonMs - 5_000)
        #expect(ids == (first..<first + 540).map(trades.transaction))
    }

    @Test func aMinuteThatIsDeliveredAgainMakesTheSameTrades() throws {
        for _ in 0..<2 {
            clock.nowMs = ManualClock.noonMs
            // Another process each time.
            var handler = try handler(["SIMULATE_RATE": "5", "SIMULATE_SEED": "9"])
            _ = try run(&handler, "{}")
        }
        let records = target.records
        #expect(records.count == 600)
        #expect(records.prefix(300) == records.suffix(300))
    }

    @Test func aProcessMakesNoMinuteTwice() throws {
        var handler = try handler()
        _ = try run(&handler, "{}")
        clock.nowMs = ManualClock.noonMs + 59_000
        let again = try run(&handler, "{}")
        #expect(again["records"]?["put"]?.integer == 0)
        clock.nowMs = ManualClock.noonMs + 70_000
        let late = try run(&handler, #"{"scheduledTime": "2026-11-20T12:00:00Z"}"#)
        #expect(late["late"]?.bool == true && late["records"]?["put"]?.integer == 0)
        #expect(try Set(ids()).count == 60)
    }

    @Test func aProcessMakesNoMinuteTwiceOnceALaterOneHasRun() throws {
        var handler = try handler()
        _ = try run(&handler, "{}")
        clock.nowMs = ManualClock.noonMs + 60_000
        _ = try run(&handler, "{}")
        #expect(target.records.count == 120)
        for time in ["12:00:00", "12:01:00", "12:00:00"] {
            let again = try run(&handler, #"{"scheduledTime": "2026-11-20T\#(time)Z"}"#)
            #expect(again["records"]?["put"]?.integer == 0)
        }
        #expect(target.records.count == 120)
    }

    @Test func aMinuteThatOverlapsOneThatWasMadeMakesTheRest() throws {
        var handler = try handler()
        clock.nowMs = ManualClock.noonMs + 17_000
        _ = try run(&handler, #"{"scheduledTime": "2026-11-20T12:00:17Z"}"#)
        // By hand: the clock's minute, which is 12:01.
        clock.nowMs = ManualClock.noonMs + 78_000
        _ = try run(&handler, "{}")
        let ids = try ids()
        // From five seconds before the first began to five seconds before the second ends.
        #expect(ids.count == 103 && Set(ids).count == 103)
    }

    @Test func aMinuteThatIsOverIsMadeAtOnce() throws {
        clock.nowMs = ManualClock.noonMs + 3_600_000
        var handler = try handler(["SIMULATE_RATE": "200"])
        let reply = try run(&handler, #"{"scheduledTime": "2026-11-20T12:00:00Z"}"#)
        #expect(reply["late"]?.bool == true && reply["records"]?["put"]?.integer == 12_000)
        #expect(target.calls.map(\.count) == [5_000, 5_000, 2_000])
        #expect((0..<5).contains((times().first ?? 0) - (ManualClock.noonMs - 5_000)))
    }

    @Test func aLateStartIsMadeUpFor() throws {
        clock.nowMs = ManualClock.noonMs + 31_000
        var handler = try handler()
        let reply = try run(&handler, "{}")
        #expect(reply["records"]?["put"]?.integer == 60 && target.calls.first?.count == 35)
    }

    @Test func optionsOfTheEventOverruleTheEnvironment() throws {
        var handler = try handler(["SIMULATE_RATE": "7", "SIMULATE_BAD_RECORD_RATE": "0"])
        let reply = try run(&handler, #"{"rate": 10, "seed": 3, "badRecordRate": 2, "steps": 1}"#)
        #expect(reply["records"]?["put"]?.integer == 50 && reply["records"]?["left"]?.integer == 550)
        let trades = TradeRecords(seed: 3, pace: Pace(startMs: 0, perSecond: 10), numbering: .time, badRecordRate: 2)
        let first = trades.pace.index(atMs: ManualClock.noonMs - 5_000)
        #expect(target.records == (first..<first + 50).compactMap(trades.stream.record))
        #expect(target.records.contains { (try? JSONValue(parsing: $0.value)) == nil })
    }

    @Test func aTargetThatFailsDoesNotEndTheMinute() throws {
        var handler = try handler(["SIMULATE_RATE": "2"])
        target.failures = [10, 3]
        let reply = try run(&handler, "{}")
        #expect(reply["records"]?["put"]?.integer == 107 && reply["records"]?["failed"]?.integer == 13)
        #expect(reply["steps"]?.integer == 12 && reply["failed"]?.integer == 2)
        #expect(reply["lastError"]?.string == "3 of 10 records did not get into the target: it is full")
        // What may have arrived is not put again.
        #expect(try Set(ids()).count == 107)
    }

    @Test func anErrorSaysThatNothingGotThrough() throws {
        var handler = try handler()
        target.failures = Array(repeating: .max, count: 12)
        let error = #expect(throws: JobError.self) { _ = try run(&handler, "{}") }
        #expect(error?.code == .producers(.undelivered))
        #expect(error?.message == "none of 60 records got into the target: it is full")
        // Lambda's own retry makes them: nobody has them.
        clock.nowMs = ManualClock.noonMs + 120_000
        _ = try run(&handler, #"{"scheduledTime": "2026-11-20T12:00:00Z"}"#)
        #expect(target.records.count == 60)
    }

    @Test func theDeadlineEndsTheMinute() throws {
        var handler = try handler()
        let reply = try run(&handler, "{}", timeMs: 22_000)
        #expect(clock.nowMs < ManualClock.noonMs + 22_000)
        let put = try #require(reply["records"]?["put"]?.integer)
        #expect(put == 20 && reply["records"]?["left"]?.integer == 60 - put)
    }

    @Test func aSlowTargetIsMadeUpForByTheNextStep() throws {
        var handler = try handler(["SIMULATE_RATE": "1"])
        target.batchMs = 8_000
        let reply = try run(&handler, "{}")
        #expect((reply["skipped"]?.integer ?? 0) > 0)
        #expect(reply["records"]?["put"]?.integer == 55 || reply["records"]?["put"]?.integer == 60)
        #expect(Set(try ids()).count == target.records.count)
    }

    @Test(arguments: [
        (["SIMULATE_RATE": "0"], "SIMULATE_RATE must be a whole number from 1 to 10000"),
        (["SIMULATE_RATE": "10001"], "SIMULATE_RATE"), (["SIMULATE_RATE": "1.5"], "SIMULATE_RATE"),
        (["SIMULATE_SEED": "-1"], "SIMULATE_SEED"),
        (["SIMULATE_RATE": "x", "SIMULATE_BAD_RECORD_RATE": "y"], "SIMULATE_BAD_RECORD_RATE"),
    ])
    func faultySettingsAreRefused(_ environment: [String: String], _ text: String) {
        let error = #expect(throws: ConfigurationError.self) { _ = try handler(environment) }
        #expect(error?.description.contains(text) == true)
        #expect(error?.problems.count == environment.count)
    }

    @Test(arguments: [
        #"{"rate": 0}"#, #"{"rate": "3"}"#, #"{"devices": 3}"#, #"{"stream": "s"}"#, "[]", #"{"steps": 0}"#,
    ])
    func faultyOptionsAreRefused(_ event: String) throws {
        var handler = try handler()
        #expect(throws: EventError.self) { _ = try run(&handler, event) }
        #expect(target.calls.isEmpty)
    }

    @Test func aDefinitionWithoutTheTopicIsRefused() throws {
        let definition = try SimulateSensorsTests.definition(SimulateSensorsTests.sensors)
        let error = #expect(throws: JobError.self) { _ = try SimulateTrades.topic(definition) }
        #expect(error?.code == .producers(.notDefined))
    }

    @Test func aTopicTakesWhatTheClusterAcknowledges() throws {
        let sink = ScriptedTopic()
        let topic = TopicTarget("t", RecordDelivery(clock.wallClock) { sink }, deadline: RequestDeadline())
        let records = (0..<4).map { SimulatedRecord(key: "k\($0)", value: [UInt8($0)], timeMs: 0) }
        #expect(topic.put(records, beforeMs: clock.nowMs + 1_000) == PutReport(put: 4))
        #expect(sink.records.map { $0.topic } == ["t", "t", "t", "t"])
        #expect(sink.records.map { $0.value } == records.map { $0.value })
        sink.isFull = true
        let full = topic.put(records, beforeMs: clock.nowMs + 1_000)
        #expect(full == PutReport(failed: 4, reason: "the queue is full"))
        #expect(topic.put([], beforeMs: 0) == PutReport() && sink.flushes == 2)
    }

    @Test func aClusterThatCannotBeOpenedFailsAllRecords() {
        let topic = TopicTarget(
            "t", RecordDelivery(clock.wallClock) { throw KafkaError(.configuration, "the cluster is shut") },
            deadline: RequestDeadline())
        let report = topic.put([SimulatedRecord(key: "k", value: [], timeMs: 0)], beforeMs: Int64.max)
        #expect(report == PutReport(failed: 1, reason: "the cluster is shut"))
    }

    @Test func whatTheClusterIsOpenedWithIsAskedForWithinTheStep() {
        let deadline = RequestDeadline()
        var deadlines: [Int64?] = []
        let delivery = RecordDelivery(clock.wallClock) {
            deadlines.append(deadline.milliseconds)
            throw KafkaError(.configuration, "the cluster is shut")
        }
        let topic = TopicTarget("t", delivery, deadline: deadline)
        for beforeMs in [Int64(1_000), 6_000] {
            _ = topic.put([SimulatedRecord(key: "k", value: [], timeMs: 0)], beforeMs: beforeMs)
        }
        #expect(deadlines == [1_000, 6_000])
    }
}
