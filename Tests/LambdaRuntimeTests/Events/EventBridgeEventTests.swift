import JSON
import TestSupport
import Testing

@testable import LambdaRuntime

struct EventBridgeEventTests {
    static let rule = #"""
        {"version":"0","id":"53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa","detail-type":"Scheduled Event","source":"aws.events",
        "account":"123456789012","time":"2015-10-08T16:53:06Z","region":"us-east-1",
        "resources":["arn:aws:events:us-east-1:123456789012:rule/my-scheduled-rule"],"detail":{"a":[1]}}
        """#
    static let scheduler = #"""
        {"version":"0","id":"d1","detail-type":"Scheduled Event","source":"aws.scheduler","account":"123456789012",
        "time":"2023-01-01T00:00:00Z","region":"us-east-1","resources":["arn:aws:scheduler:x"],"detail":"{}"}
        """#

    private func event(_ text: String) throws -> EventBridgeEvent {
        try EventBridgeEvent(EventBuffer(Array(text.utf8)))
    }

    @Test func aRulesEventHasAnObjectAsItsDetail() throws {
        let event = try event(Self.rule)
        #expect(event.id == "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa" && event.detailType == "Scheduled Event")
        #expect(event.source == "aws.events" && event.account == "123456789012" && event.region == "us-east-1")
        #expect(event.time == "2015-10-08T16:53:06Z")
        #expect(event.resources == ["arn:aws:events:us-east-1:123456789012:rule/my-scheduled-rule"])
        #expect(event.detail == .object([("a", .array([.integer(1)]))]))
    }

    @Test func schedulersDetailIsReadFromItsText() throws {
        #expect(try event(Self.scheduler).detail == .object([]))
        let text = try event(Self.scheduler.replacing(#""{}""#, with: #""{\"a\":1}""#))
        #expect(text.detail == .object([("a", .integer(1))]))
        #expect(try event(Self.scheduler.replacing(#""{}""#, with: #""free text""#)).detail == .string("free text"))
    }

    static let faults: [(old: String, new: String, code: EventError.Code, path: String)] = [
        (#""detail":{"a":[1]}"#, #""x":1"#, .missingField, "detail"),
        (#"{"a":[1]}"#, "[]", .wrongKind, "detail"), (#"{"a":[1]}"#, "null", .wrongKind, "detail"),
        (#""source":"#, #""x":"#, .missingField, "source"), (#""id":"#, #""x":"#, .missingField, "id"),
        (#""detail-type":"#, #""x":"#, .missingField, "detail-type"), (#""time":"#, #""x":"#, .missingField, "time"),
        (#""aws.events""#, "1", .wrongKind, "source"),
        (#"["arn:aws:events:us-east-1:123456789012:rule/my-scheduled-rule"]"#, "[1]", .wrongKind, "resources[0]"),
    ]

    @Test(arguments: faults)
    func whatIsWrongIsNamed(old: String, new: String, code: EventError.Code, path: String) {
        let error = #expect(throws: EventError.self) { try event(Self.rule.replacing(old, with: new)) }
        #expect(error?.code == code && error?.path == path)
    }

    @Test(arguments: [
        ("", EventError.Code.malformed), ("{}", .missingField), (KinesisEventTests.batch, .missingField),
        ("3", .wrongKind), ("{\"detail\":", .malformed),
    ])
    func otherEventsAreRefused(text: String, code: EventError.Code) {
        let error = #expect(throws: EventError.self) { try event(text) }
        #expect(error?.code == code)
    }

    @Test func aSchedulesOwnInputIsAnyJSON() throws {
        let event = try JSONEvent(EventBuffer(Array(#"{"table":"a","time":"<aws.scheduler.scheduled-time>"}"#.utf8)))
        #expect(event.value["table"]?.string == "a")
        #expect(throws: EventError.self) { try JSONEvent(EventBuffer([])) }
    }

    @Test func mutationsNeverTrap() {
        var random = SeededGenerator(seed: 5)
        for _ in 0..<3000 {
            var bytes = Array((Bool.random(using: &random) ? Self.rule : Self.scheduler).utf8)
            bytes.mutate(&random)
            _ = try? EventBridgeEvent(EventBuffer(bytes))
        }
    }
}
