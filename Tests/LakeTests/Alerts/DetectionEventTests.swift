@testable import Lake
import LambdaRuntime
import Testing

@Suite("Events of detect-anomalies")
struct DetectionEventTests {
    private func event(_ text: String) throws(EventError) -> DetectionEvent {
        try DetectionEvent(EventBuffer(Array(text.utf8)))
    }

    @Test func recordsAreABatch() throws {
        guard case .records(let batch) = try DetectionEvent(EventBuffer(TemporaryLake.event(["{}", "{}"]))) else {
            Issue.record("no batch")
            return
        }
        #expect(batch.records.count == 2)
    }

    @Test(arguments: [
        "{}", #"{"stream": "s"}"#,
        #"{"version":"0","id":"1","detail-type":"Scheduled Event","source":"aws.scheduler","detail":"{}"}"#,
    ])
    func anythingElseIsASchedules(text: String) throws {
        guard case .schedule = try event(text) else {
            Issue.record("no schedule")
            return
        }
    }

    @Test(arguments: ["", "[]", "7", "{", #"{"Records":[]}"#, #"{"Records":{}}"#, #"{"eventSource":"aws:kafka"}"#])
    func whatIsNeitherIsRefused(text: String) { #expect(throws: EventError.self) { try event(text) } }

    @Test func aLongEventWithoutRecordsIsReadOnce() {
        let text = #"{"x":""# + String(repeating: "x", count: 70_000) + #""}"#
        let error = #expect(throws: EventError.self) { try event(text) }
        #expect(error?.code == .missingField)
    }
}
