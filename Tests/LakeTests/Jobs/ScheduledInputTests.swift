import LambdaRuntime
import Testing

@testable import Lake

@Suite struct ScheduledInputTests {
    private func input(_ text: String, options: [String] = ["databases", "most", "vacuum", "engine"]) throws
        -> ScheduledInput
    {
        try ScheduledInput(JSONEvent(EventBuffer(Array(text.utf8))), options: options)
    }

    @Test(
        arguments: [
            ("{}", nil), (#"{"executionId":null}"#, nil), (#"{"executionId":"a b"}"#, "a b"),
            (#"{"id":"e-1","source":"aws.events","detail-type":"Scheduled Event","detail":{"databases":7}}"#, "e-1"),
            (
                #"{"id":"e-2","source":"aws.scheduler","detail-type":"Scheduled Event","detail":"{}","unknown":1}"#,
                "e-2"
            ),
        ] as [(String, String?)])
    func readsTheNameOfTheRun(_ text: String, _ id: String?) throws {
        let input = try input(text)
        #expect(input.executionID == id)
        #expect(input.value("databases") == nil)
    }

    @Test(
        arguments: [
            ("{}", nil), (#"{"scheduledTime":null}"#, nil),
            (#"{"scheduledTime":"2026-11-22T02:00:00Z"}"#, 1_795_312_800_000),
            (#"{"scheduledTime":"2026-11-22T03:00:00.25+01:00","executionId":"e"}"#, 1_795_312_800_250),
            (#"{"source":"aws.scheduler","detail-type":"x","time":"2026-11-22T02:00:00Z"}"#, 1_795_312_800_000),
            (#"{"source":"aws.scheduler","detail-type":"x","time":7,"scheduledTime":7}"#, nil),
        ] as [(String, Int64?)])
    func readsTheTimeOfTheSchedule(_ text: String, _ milliseconds: Int64?) throws {
        #expect(try input(text).scheduledMs == milliseconds)
    }

    @Test func readsOptions() throws {
        let input = try input(#"{"databases":["a","b"],"most":3,"vacuum":false,"engine":"native"}"#)
        #expect(try input.texts("databases") == ["a", "b"])
        #expect(try input.number("most", in: 1...3) == 3)
        #expect(try input.flag("vacuum") == false)
        #expect(try input.text("engine") == "native")
        #expect(try self.input("{}").number("most", in: 1...3) == nil)
    }

    @Test(arguments: [
        ("[]", "Event.WrongKind", "the event: expected an object"), ("7", "Event.WrongKind", "it is a number"),
        (#"{"Records":[]}"#, "Event.BadValue", "Records: this job has no such option"),
        (
            "{\"a\\nb\":1}", "Event.BadValue",
            "the event: this job has no such option; it has: executionId, scheduledTime, databases"
        ),
        (#"{"executionId":7}"#, "Event.WrongKind", "executionId: expected a text"),
        (#"{"executionId":""}"#, "Event.BadValue", "1 to 128 bytes"),
        (#"{"executionId":"<aws.scheduler.execution-id>"}"#, "Event.BadValue", "placeholder"),
        (#"{"scheduledTime":7}"#, "Event.WrongKind", "scheduledTime: expected a text"),
        (#"{"scheduledTime":"12:00"}"#, "Event.BadValue", "scheduledTime: must be a time such as"),
        (#"{"scheduledTime":""}"#, "Event.BadValue", "must be a time such as"),
        (#"{"scheduledTime":"<aws.scheduler.scheduled-time>"}"#, "Event.BadValue", "must be a time such as"),
        (#"{"id":5,"source":"aws.events","detail-type":"x"}"#, "Event.WrongKind", "id: expected a text"),
    ])
    func refusesOtherEvents(_ text: String, _ type: String, _ part: String) throws {
        let error = #expect(throws: EventError.self) { try input(text) }
        #expect(error?.errorType == type)
        #expect(error?.description.contains(part) == true, "\(error as Any)")
    }

    @Test func refusesOptionsOfAnotherKind() throws {
        let input = try input(#"{"databases":["a",1],"most":4,"vacuum":"no","engine":[]}"#)
        #expect(throws: EventError.self) { try input.texts("databases") }
        #expect(throws: EventError.self) { try input.number("most", in: 1...3) }
        #expect(throws: EventError.self) { try input.number("vacuum", in: 1...3) }
        #expect(throws: EventError.self) { try input.flag("vacuum") }
        #expect(throws: EventError.self) { try input.text("engine") }
        #expect(throws: EventError.self) { try input.texts("engine").flatMap { _ in try input.texts("most") } }
    }
}
